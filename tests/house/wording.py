"""Rules about what people read: where sentences live, that none is missing, none is rude."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from tests.house.files import every_file, literals, python_files, tree_of, where

CHINESE = re.compile(r"[㐀-鿿]{2,}")
KEY = re.compile(r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$")

# Where Chinese may stand in a .py file, and why.
CHINESE_ALLOWED: Mapping[str, str] = {
    "bot/cli.py": "the help of the command line is read by Chinese staff",
}

# Texts that are looked up by a bare word (an enum's value, a setting's name), not by "file/key".
BY_WORD = frozenset({"labels", "settings", "catalog_errors"})

# 忌语 (T/JAS 12-2023, 7.3.1): what no client is ever to hear.
TABOO = (
    "不知道", "不归我管", "不是我管", "不关我", "我不管", "管不着", "你问我",
    "我问谁", "问我也没用", "急什么", "没看见我", "正忙着", "有完没完", "下班了", "去别处",
    "找别人去", "自己看", "自己查去", "不行就算了", "等着吧", "慢慢等", "随便你", "爱办不办",
    "爱来不来", "少废话", "别啰嗦", "别问了", "烦不烦", "怎么不早说", "说过多少遍", "听不懂",
    "你懂不懂", "我也没办法", "谁让你", "谁叫你", "你去告", "有本事", "这是规定", "挤什么",
    "你怎么这么", "不可能给你办", "没空",
)  # fmt: skip

# The same, where the words around them decide: a photo may be unclear, a client unsure.
TABOO_UNLESS = (r"(?<!照片)(?<!图片)(?<!字迹)不清楚(?!的)", r"(?<!您)(?<!要)等着(?!您)")
RUDE = re.compile("|".join([*map(re.escape, TABOO), *TABOO_UNLESS]))

# 等 inside these is a word of its own, not "and so on".
OTHER_ETC = re.compile(
    r"[平同中高初稍对相优上均不]等|[一二三四五六七八九][等]|等[级待效同您候比温压额量值边离]|等电位"
)
LEFT_OUT = re.compile(r"等|省略|…|\.\.\.|之类|诸如")
# What clients say, as opposed to what they are told.
CLIENTS_WORDS = frozenset({"phrases", "labels", "yes", "no"})


def chat_in_code(root: Path) -> list[str]:
    """No Chinese in a .py file of the product: it belongs into texts, words or the catalogue."""
    return [
        f"{where(root, path, literal.lineno)} holds Chinese: {literal.value!r}"
        for path in python_files(root, "bot", "storage")
        if path.relative_to(root).as_posix() not in CHINESE_ALLOWED
        for literal in literals(tree_of(path))
        if CHINESE.search(str(literal.value))
    ]


def texts(root: Path) -> Mapping[str, str]:
    """Every text of the bot by its key, `file/key`."""
    found: dict[str, str] = {}
    for path in sorted((root / "bot" / "texts").glob("*.yaml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found |= {f"{path.stem}/{key}": str(text) for key, text in rows.items()}
    return found


def missing_texts(root: Path) -> list[str]:
    """Every key that the code says has a text."""
    known = texts(root)
    return [
        f"{where(root, path, line)} says {key!r}, which has no text"
        for path in python_files(root, "bot")
        for key, line in said_keys(path)
        if key not in known
    ]


def said_keys(path: Path) -> Iterator[tuple[str, int]]:
    """The keys in calls of `Say`."""
    for node in ast.walk(tree_of(path)):
        if not (isinstance(node, ast.Call) and node.args and name_of(node.func) == "Say"):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant):
            yield str(first.value), node.lineno


def name_of(node: ast.expr) -> str:
    """The last name of `a`, `a.b` or `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def idle_texts(root: Path) -> list[str]:
    """Every text is said somewhere."""
    words: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in python_files(root, "bot", "storage"):
        tree = tree_of(path)
        words |= {str(literal.value) for literal in literals(tree)}
        patterns += computed_keys(tree)
    sources = [*pages(root), *(root / "bot" / "reading" / "words").glob("*.yaml")]
    inside = "\n".join([*texts(root).values(), *(path.read_text() for path in sources)])
    return [
        f"bot/texts: {key!r} is said nowhere"
        for key in texts(root)
        if not any(
            name in words
            or any(pattern.fullmatch(name) for pattern in patterns)
            or (name != key and shown_inside(name, inside))
            for name in names_of(key)
        )
    ]


def names_of(key: str) -> tuple[str, ...]:
    """What the code may call a text by: its key, and for some files the bare word."""
    file, _, word = key.partition("/")
    return (key, word) if file in BY_WORD else (key,)


def shown_inside(word: str, inside: str) -> bool:
    """Whether another text, a page or a word list for reading names it."""
    return bool(re.search(rf"['\"]{re.escape(word)}['\"]|\b{re.escape(word)}:", inside))


def computed_keys(tree: ast.Module) -> Iterator[re.Pattern[str]]:
    """Keys that the code puts together, such as f"cards/{kind}" or f"where_{name}"."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        if isinstance(parts[0], str) and re.match(r"[a-z]+[/_]", parts[0]):
            yield re.compile("".join(r"\w+" if p is None else re.escape(str(p)) for p in parts))


def pages(root: Path) -> list[Path]:
    """The page templates of the bot."""
    return [path for path in every_file(root / "bot") if path.suffix in {".html", ".js"}]


def rude_words(root: Path) -> list[str]:
    """No 忌语 in anything a client or a staff member reads."""
    told: list[tuple[str, str]] = []
    for path in sorted((root / "bot").glob("**/texts/*.yaml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        told += [(where(root, path), text) for _, text in leaves(rows)]
    told += [(where(root, page), page.read_text(encoding="utf-8")) for page in pages(root)]
    told += [("catalog.yaml", text) for _, text in catalogue(root)]
    return [
        f"{place} says {found.group()!r}: {text.strip()[:60]!r}"
        for place, text in told
        for found in RUDE.finditer(text)
    ]


def catalogue(root: Path) -> list[tuple[tuple[str, ...], str]]:
    """What catalog.yaml tells clients, with the way to each string."""
    path = root / "catalog.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return [(way, text) for way, text in leaves(rows) if not CLIENTS_WORDS & set(way)]


def leaves(value: object, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string in a YAML value, with the keys that lead to it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*way, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, way)
    elif isinstance(value, str):
        yield way, value


def open_ended_notices(root: Path) -> list[str]:
    """What is missing is told whole: no "and so on" in a notice or a name in its lists."""
    told = [(key, text) for key, text in texts(root).items() if "notice" in key]
    told += [
        ("catalog.yaml " + "/".join(way), text)
        for way, text in catalogue(root)
        if "materials" in way or way[0] in {"standing", "substitutes", "conditions"}
    ]
    return [
        f"{place} leaves something out ({found.group()}): {text.strip()[:60]!r}"
        for place, text in told
        if (found := LEFT_OUT.search(OTHER_ETC.sub("", text)))
    ]
