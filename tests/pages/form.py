"""The upload page in a browser without a script: what stands in it, what its forms send."""

import io
import re
import zipfile
from collections.abc import Callable

from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from werkzeug.test import TestResponse

Named = tuple[bytes, str]


def picture(seed: int = 0, size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """A photo that shows something."""
    found = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(found)
    drawing.rectangle((20 + seed, 20, 300, 200), fill="navy")
    drawing.text((40, 220), f"LICENCE {seed}", fill="black")
    out = io.BytesIO()
    found.save(out, kind)
    return out.getvalue()


def pdf(words: str = "licence") -> bytes:
    """A document of one empty page."""
    return b"%PDF-1.4\n% " + words.encode() + b"\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def sheet(*more: str) -> bytes:
    """An Excel workbook as far as its parts go."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            packed.writestr(name, "<x/>")
    return out.getvalue()


def send(web: FlaskClient, path: str, name: str, *files: Named, **more: str) -> TestResponse:
    """What the form of a material sends; `more` changes its fields."""
    page = web.get(path).text
    fields = {"form_key": form_key(page), "place": place_of(page), "name": name, **more}
    sent = [(io.BytesIO(data), filename) for data, filename in files]
    data = fields | {"files": sent} if sent else fields
    answer = web.post(path, data=data, content_type="multipart/form-data")
    # a large body lies in a file of the test's own
    answer.request.environ["wsgi.input"].close()
    return answer


def told(web: FlaskClient, path: str, name: str, filename: str) -> str:
    """What the page says after a file of that name, or the words themselves, were sent."""
    samples: dict[str, Callable[[], bytes]] = {
        "pdf": pdf,
        "jpg": picture,
        "xlsx": sheet,
        "html": lambda: b"<p>",
    }
    make = samples.get(filename.rpartition(".")[2])
    if make is None:
        answer = send(web, path, name, text=filename)
    else:
        answer = send(web, path, name, (make(), filename))
    page = web.get(answer.headers["Location"]).text if "Location" in answer.headers else answer.text
    shown = re.findall(r'data-testid="(?:news|left|nothing)">(.*?)</p>', page)
    return "[上传页] " + " ".join(re.sub("<[^>]+>", "", one) for one in shown)


def path_in(text: str) -> str:
    """The path of the link in a bubble."""
    found = re.search(r"https://agency\.example(/m/\S+)", text)
    assert found, text
    return found[1]


def form_key(page: str) -> str:
    """What stands hidden in the form."""
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    return found[1] if found else ""


def place_of(page: str) -> str:
    """The first matter on the page."""
    found = re.search(r'name="place" value="([^"]+)"', page)
    return found[1] if found else ""
