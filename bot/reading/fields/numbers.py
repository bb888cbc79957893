"""Why a text is no telephone number: the reasons of domain.md 9.1, for texts that hold none."""

import re
from collections.abc import Iterator

from bot.reading.reading import Reason
from bot.reading.vocabulary import any_of, words

_RUN = re.compile(r"(?:[+(]{1,2}[ ]?)?[0-9][0-9 \t.\-()/+\u00b7\u2022\u20e3]{0,40}")
_MONTH_DAY = r"(?:1[0-2]|0?[1-9])[-./](?:3[01]|[12][0-9]|0?[1-9])"
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-./]?)(?:0?[1-9]|1[0-2])(?:[-./]?)(?:0?[1-9]|[12][0-9]|3[01])"
    rf"(?: [0-9]{{1,2}})?|{_MONTH_DAY}"
)
_SERVICE = re.compile(
    r"11[0-9]|12[0-2]|999|12[0-9]{3}|1[01][0-9]{3}|100[0-9]{2,5}|11[68]114|9[56][0-9]{3,4}"
    r"|9510[0-9]{4}"
)
# behind 00 a country or nothing that is known, behind + always one
_ABROAD = re.compile(
    r"(?:85[23][0-9]{8}|886[0-9]{8,9}|1[2-9][0-9]{9}|7[0-9]{10}|97[0-9]{9,11}"
    r"|(?:44|49|33|34|39|61|60|62|63|64|65|66|81|82|84|90|91|92|94|95)[0-9]{8,10})"
)
_PLUS = re.compile(r"\(?\+(?![ ]?\(?86)")
_REGIONS = re.compile(r"\(?(?:852|853|886)\)?[ \-]*[0-9][0-9 \-]{6,10}")
_COUNTRY = re.compile(r"[+( ]{0,3}(?:00)?86(?=[^0-9]|[0-9]{9})[) ]{0,2}")
# letters of a word or a code that ends or begins here
_LEFT = re.compile(r"(?P<word>/?[A-Za-z]{1,12})[ .]?$")
_RIGHT = re.compile(r"[A-Za-z]+|[ \-][A-Za-z]+(?=[0-9])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ASCII_WORDS = frozenset((*words("phones", "before"), "/fax"))
_EXTENSIONS = frozenset({"ext", "extension", "x", " ext", " x", "-ext", "-x"})
_LABEL = re.compile(any_of(words("phones", "said_around")))
_COUNTED = re.compile(rf"[ ]?{any_of(words('phones', 'counted'))}")
_CLOCK = re.compile(r"[0-9]:[0-9]{2}(?![0-9])")
# right before a number: it is another one; unless it is a telephone number as well
_OTHER = re.compile(
    rf"(?P<label>{any_of(words('phones', 'not_before'))})"
    rf"(?:{any_of(words('phones', 'between'))})?[ :]*$",
    re.IGNORECASE,
)
_AS_WELL = re.compile(rf"{any_of(words('phones', 'also'))}[/,\u3001&+( ]*$", re.IGNORECASE)
_LOOK_BACK = 24
_ATTEMPT = 7


def judge(plain: str) -> Reason:
    """The reason that helps the client most, for a text in which no number was found."""
    if "*" in plain:
        return Reason.NOT_PHONE
    sentence = _HAN.search(_LABEL.sub("", plain)) is not None
    runs = [
        run
        for found in _RUN.finditer(plain)
        for run in _attempts(plain, *found.span(), sentence=sentence)
    ]
    if not runs:
        return Reason.NOT_PHONE
    run = max(runs, key=lambda run: len(_digits(run)))
    if _PLUS.match(run) or _REGIONS.fullmatch(run) or _is_abroad(_digits(run)):
        return Reason.FOREIGN
    return _judge_digits(run)


def stands_behind_another(plain: str, at: int) -> bool:
    """Whether the label right before says that this is a QQ number, a fax, an order."""
    left = plain[max(0, at - _LOOK_BACK) : at]
    found = _OTHER.search(left)
    return found is not None and _AS_WELL.search(left, 0, found.start()) is None


def _attempts(plain: str, start: int, end: int, *, sentence: bool) -> Iterator[str]:
    """The run, or the one piece of it that may be meant; none if it is something else."""
    run = plain[start:end].rstrip(" \t.-/(+")
    if _is_too_much(run):
        pieces = [p for p in re.finditer(r"[^ \t/]+", run) if len(_digits(p.group())) >= _ATTEMPT]
        if len(pieces) == 1:
            start += pieces[0].start()
            run = pieces[0].group()
    if not _is_something_else(plain, start, run, sentence=sentence):
        yield run


def _is_too_much(run: str) -> bool:
    """Whether a run holds more digits than one slip adds to a number."""
    digits = _digits(_without_country(run))
    most = 13 if digits.startswith(("0", "1", "4", "8")) else 12
    return len(digits) > most and not _is_abroad(digits)


def _is_something_else(plain: str, start: int, run: str, *, sentence: bool) -> bool:
    """An ID, a code, a card, a date, a count in a sentence: not an attempt at a number."""
    digits, end = _digits(run), start + len(run)
    inland = _digits(_without_country(run))
    most = 14 if inland.startswith("0") else 13
    if (len(inland) > most and not _is_abroad(inland)) or _DATE.fullmatch(run):
        return True
    if _touches_letters(plain, start, end) or stands_behind_another(plain, start):
        return True
    if len(digits) >= _ATTEMPT:
        return False
    if _CLOCK.search(plain[max(0, start - 2) : end + 3]) or _COUNTED.match(plain, end):
        return True
    return sentence and not _SERVICE.fullmatch(digits)


def _touches_letters(plain: str, start: int, end: int) -> bool:
    """Whether it is part of a code, an address or a word: letters on either side."""
    if plain[end : end + 1] in {"@", "_"} or plain[max(0, start - 1) : start] in {"@", "_"}:
        return True
    before = _LEFT.search(plain[max(0, start - _LOOK_BACK) : start])
    if before and before.group("word").lower() not in _ASCII_WORDS:
        return True
    behind = _RIGHT.match(plain, end)
    return behind is not None and behind.group().lower() not in _EXTENSIONS


def _without_country(run: str) -> str:
    return _COUNTRY.sub("", run, count=1) if _COUNTRY.match(run) else run


def _is_abroad(digits: str) -> bool:
    return digits.startswith("00") and _ABROAD.fullmatch(digits[2:]) is not None


def _judge_digits(run: str) -> Reason:
    """The reason against a run that is an attempt at a number of the mainland."""
    inland = _without_country(run)
    digits = _digits(inland)
    if inland != run and not digits.startswith(("0", "1", "400", "800")):
        return _judge_landline(f"0{digits}")
    if _SERVICE.fullmatch(digits) and inland == run:
        return Reason.SERVICE_NUMBER
    if digits.startswith("0"):
        return _judge_landline(digits)
    judged = _judge_mobile if digits.startswith("1") else _judge_other
    return judged(inland, digits)


def _judge_landline(digits: str) -> Reason:
    """Begins with 0: an area code, right or wrong, and what stands behind it."""
    if re.match(r"01[3-9]", digits) and len(digits) > 12:
        return Reason.TOO_LONG
    if digits.startswith(("00", "026")) or (digits.startswith("01") and digits[:3] != "010"):
        return Reason.BAD_AREA_CODE
    area = 3 if digits.startswith(("010", "02")) else 4
    local = digits[area:]
    if _SERVICE.fullmatch(local):
        return Reason.SERVICE_NUMBER
    if len(local) < (8 if area == 3 else 7):
        return Reason.TOO_SHORT
    if len(local) > 8:
        return Reason.TOO_LONG
    return Reason.BAD_LOCAL if local[0] in "01" else Reason.NOT_PHONE


def _judge_mobile(run: str, digits: str) -> Reason:
    """Begins with 1: a mobile with a digit too few or too many, or no mobile prefix."""
    if re.match(r"\(?10\)?[ \-]+[0-9]{4}[ \-]?[0-9]{4}$", run):
        return Reason.BAD_AREA_CODE
    if len(digits) < 11:
        return Reason.TOO_SHORT
    if len(digits) > 13:
        return Reason.NOT_PHONE
    return Reason.BAD_PREFIX if len(digits) == 11 else Reason.TOO_LONG


def _judge_other(run: str, digits: str) -> Reason:
    """Begins with 2 to 9: a local number, an area code without its 0, or no mobile prefix."""
    if digits.startswith(("400", "800")) and len(digits) != 7 and re.match(r".?[48]00[^0-9]", run):
        return Reason.TOO_SHORT if len(digits) < 10 else Reason.TOO_LONG
    if len(digits) in (7, 8):
        return Reason.MISSING_AREA_CODE
    if re.match(r"\(?(?:2[0-9]|[3-9][0-9]{2})\)?[ .\-]+[2-9][0-9]{6,7}$", run):
        return Reason.BAD_AREA_CODE
    if len(digits) < _ATTEMPT:
        return Reason.TOO_SHORT
    if len(digits) == 11:
        return Reason.BAD_PREFIX
    return Reason.TOO_LONG if len(digits) == 12 else Reason.NOT_PHONE


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
