"""Names and jobs by their shape alone: how much a run of words looks like either, or like both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.vocabulary import any_of, words

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_DOT = r"[\u00b7\u2022\u30fb\uff0e\u2027\u2219]"
_SURNAMES = words("names", "surnames")[0]
_FREQUENT = frozenset(_SURNAMES[:120])
_KNOWN = frozenset(_SURNAMES)
_RARE = frozenset(words("persons", "rare")[0])
_NO_SURNAMES = frozenset(words("persons", "no_surnames")[0])
_COMPOUND = frozenset((*words("names", "compound"), *words("persons", "compound")))
_FAMILIAR = frozenset(words("persons", "familiar"))
# before any character of a name, not only before a surname
_DEAR = words("persons", "familiar")[-1]
_NOT_NAMES = frozenset((*words("names", "not_names"), *words("not_names", "words")))
_LABELS = ("applicant", "contact", "position", "phone", "address", "business", "need", "noise")
TALK = frozenset(words("persons", "small_talk")) | (
    frozenset(one for key in _LABELS for one in words("labels", key))
    - frozenset(words("persons", "jobs"))
)
_PLACES = frozenset((*words("places", "beside"), *words("places", "exact")))
_NO_NAME_ENDS = words("persons", "no_name_ends")
_NO_NAME_STARTS = words("persons", "no_name_starts")
_UNIT_ENDS = words("names", "units")
_PROVINCES = frozenset(words("regions", "provinces"))
_STEMS = frozenset(words("persons", "stems"))
_CALLED = re.compile(rf"{any_of(words('cues', 'is_called'))}$")
_IS = re.compile(any_of(words("cues", "is_called")))
_NEVER_IN = frozenset(words("persons", "not_in_names")[0])
_FOREIGN = re.compile(any_of(words("persons", "foreign")))
_TITLES = frozenset(words("persons", "titles"))
MANNERS = frozenset(words("persons", "manners"))
DOTTED = re.compile(rf"([{_HAN}]{{1,12}})(?:{_DOT}[{_HAN}]{{1,12}}){{1,3}}")
_LATIN = re.compile(r"[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,2}")
_ONLY_HAN = re.compile(rf"[{_HAN}]+")
_JOBS = frozenset(
    (*words("persons", "jobs"), *(one for one in words("persons", "job_ends") if len(one) > 1))
)
_JOB_ENDS = words("persons", "job_ends")
# 员, 师, 长 end short words only
_LONG_ENDS = tuple(one for one in _JOB_ENDS if len(one) > 1)
_ONE_ENDS = tuple(one for one in _JOB_ENDS if len(one) == 1)
_LONGEST_SHORT = 7
_NO_JOBS = words("persons", "no_jobs")
_NOT_IN_JOB = re.compile(any_of(words("persons", "not_in_jobs")))
_LATIN_JOB = re.compile(rf"(?:{any_of(words('persons', 'latin_jobs'))})(?:$|(?=[{_HAN}]))")
_LATIN_END = re.compile(rf"(?:^|[A-Za-z] ){any_of(words('persons', 'latin_ends'))}$")
_WHOSE = re.compile(rf"{any_of(words('persons', 'whose'))}(?=.{{2}})")
_UNIT_ALONE = re.compile(rf"[{_HAN}]{{0,6}}{any_of(words('persons', 'units'))}")
_UNIT_ALONE_ENDS = words("persons", "units")
_BOTH = words("persons", "both")[0]
# without one of these there is no job, and nothing to take apart
_LAST_OF_JOBS = frozenset(one[-1] for one in (*_JOBS, *_JOB_ENDS, *_UNIT_ALONE_ENDS))
_LONGEST_JOB, _LONGEST = 12, 18
_NO, _USUAL = -2.0, 8
# jobs that are deeds as well: behind a name without a mark the name is a thing it is done to
DEEDS = frozenset(words("matters", "asked"))
# characters that given names are written with, and how much another one takes away
_GIVEN = frozenset(words("persons", "given")[0])
_USED, _UNUSED = 0.2, 0.3
# what a name beside a job must look like, and what one within the words of a job
_LEAST, _CLEAR, _SURE_NAME = 0.5, 1.5, 1.9
# beside what is a job beyond doubt, whatever nothing speaks against
_SOLID, _ANY, _CLEAR_JOB = 1.8, 0.1, 1.3


@dataclass(frozen=True)
class Phrase:
    """A name, a job, or both, as spans of one piece, and how sure each is (0: it is not there)."""

    name: tuple[int, int] | None = None
    job: tuple[int, int] | None = None
    name_score: float = 0.0
    job_score: float = 0.0

    @property
    def score(self) -> float:
        """How sure the whole is."""
        return self.name_score + self.job_score


@lru_cache(maxsize=4096)
def name_score(text: str) -> float:
    """How much a run of words looks like a name by itself: below 0 it cannot be one."""
    if DOTTED.fullmatch(text):
        return 3.0
    if not _ONLY_HAN.fullmatch(text):
        return 1.2 if _LATIN.fullmatch(text) else -2.0
    size = len(text)
    if not 2 <= size <= 6 or text in _JOBS:
        return -2.0
    score = _han_name(text, size)
    if text in _STEMS or (size == 3 and text[:2] in _PROVINCES):
        return -2.0
    if text in _NOT_NAMES:
        score -= 1.0
    if any(char in _NEVER_IN for char in text[1:]):
        score -= 1.2
    return score


def _han_name(text: str, size: int) -> float:
    foreign = sum(len(found.group()) for found in _FOREIGN.finditer(text))
    if foreign >= size - 1 and foreign >= 2:
        return 2.2
    if text[:2] in _COMPOUND and size in (3, 4):
        return 2.6
    if text[0] in _KNOWN:
        frequent = 0.3 if text[0] in _FREQUENT else 0.0
        return {2: 1.5, 3: 2.0, 4: 0.5}.get(size, -1.0) + frequent + _given(text[1:])
    if text[0] in _FAMILIAR and size == 2:
        return 1.4 if text[1] in _KNOWN | _RARE or text[0] == _DEAR else -1.0
    if text[0] in _RARE:
        return {2: 1.2, 3: 1.6, 4: 0.4}.get(size, -1.0) + _given(text[1:])
    return {2: 0.1, 3: 0.1, 4: 0.0}.get(size, -1.0)


def _given(text: str) -> float:
    """What the characters behind a surname add or take away."""
    strange = unused(text)
    return -_UNUSED * strange if strange else _USED


def unused(text: str) -> int:
    """How many characters are none that given names are written with."""
    if len(text) == 2 and text[0] == text[1]:
        # a doubled character is a given name whatever it is
        return 0
    return sum(char not in _GIVEN for char in text)


def titled(text: str) -> str | None:
    """The title, where a surname and a title are all there is: of 王经理 it is 经理."""
    if text in _JOBS:
        return None
    for size in (2, 1):
        base, title = text[:size], text[size:]
        if title in _TITLES and (base in _COMPOUND or (size == 1 and base in _KNOWN | _RARE)):
            return title
    if len(text) == 2 and text[0] in _FAMILIAR and text[1] in _KNOWN:
        return ""
    return None


def called(text: str) -> str | None:
    """As `titled`, where it is known that somebody is meant: any one character is a surname."""
    title = titled(text)
    if title is not None or text in _JOBS or text[1:] not in _TITLES:
        return title
    return text[1:] if _ONLY_HAN.match(text) and text[0] not in _NO_SURNAMES else None


@lru_cache(maxsize=4096)
def job_score(text: str) -> float:
    """How much a run of words looks like what somebody is: below 0 it cannot be that."""
    if text in _JOBS:
        return 2.0
    if text[:1].isascii():
        return _latin_job(text)
    if not 2 <= len(text) <= _LONGEST_JOB:
        return _NO
    if _BOTH in text[1:-1]:
        one, _, other = text.partition(_BOTH)
        return min(job_score(one), job_score(other))
    named = text.endswith(_JOB_ENDS)
    unit = not named and text.endswith(_UNIT_ALONE_ENDS)
    if not (named or unit) or text.endswith(_NO_JOBS) or _NOT_IN_JOB.search(text):
        return _NO
    return _by_end(text) if named else 0.5 if _UNIT_ALONE.fullmatch(text) else _NO


def _latin_job(text: str) -> float:
    if _LATIN_END.search(text) and text.isascii():
        return 2.0
    if _LATIN_JOB.match(text) is None:
        return _NO
    rest = _LATIN_JOB.sub("", text, count=1)
    return 1.8 if not rest or job_score(rest) > 0 else _NO


def _by_end(text: str) -> float:
    """Of words that end like a job; one character ends only short ones."""
    if len(text) == 2:
        return 1.2
    if text.endswith(_ONE_ENDS) and len(text) > _LONGEST_SHORT:
        return _NO
    if any(text[:size] in _JOBS for size in range(2, len(text) - 1)):
        # what begins with a job as well was not cut in two: 采购经理, not 购经理
        return 2.6
    return 1.8 if len(text) <= _USUAL else 1.3


def read_phrase(plain: str, start: int, end: int) -> Phrase:
    """The best way to take a piece as a name, as a job, or as one behind the other."""
    text = plain[start:end]
    if not 2 <= len(text) <= _LONGEST and DOTTED.search(text) is None:
        return Phrase()
    best = Phrase()
    whose = _WHOSE.match(text)
    if whose and text not in _JOBS and job_score(text[whose.end() :]) > 0:
        start, text = start + whose.end(), text[whose.end() :]
    job = job_score(text) if titled(text) is None else 0.0
    for phrase in (*_whole(text, start, end), *_apart(text, start, end, job)):
        if phrase.score > best.score:
            best = phrase
    return best


def _whole(text: str, start: int, end: int) -> tuple[Phrase, ...]:
    title = titled(text)
    if title is not None:
        job = job_score(title) if title and title not in MANNERS else 0.0
        span = (end - len(title), end) if job > 0 else None
        return (Phrase((start, end), span, 2.2, max(job, 0.0)),)
    job = job_score(text)
    if job > 0:
        return (Phrase(job=(start, end), job_score=job),)
    return (Phrase(name=(start, end), name_score=name_score(text)),)


def _apart(text: str, start: int, end: int, job: float) -> list[Phrase]:
    """Every place where a job may end and a name begin, or the other way round.

    `job`: how much the whole is one; then only what is clearly a name is taken out of it.
    """
    if _LAST_OF_JOBS.isdisjoint(text):
        return []
    found = []
    dotted = DOTTED.search(text)
    sizes = {2, 3, 4, 5} if dotted is None else {2, 3, 4, *_dotted_sizes(dotted.group())}
    for size in sizes:
        if size >= len(text):
            continue
        found += _behind(text, size, start, end)
        found += _before(text, size, start, end)
    if job <= 0:
        return [one for one in found if one.name_score >= _ANY and _is_clear(one)]
    return [one for one in found if one.name_score >= _CLEAR]


def _dotted_sizes(name: str) -> Iterator[int]:
    """How long a name with a dot may be whose end may be a job."""
    yield len(name)
    for size in range(2, 7):
        if job_score(name[-size:]) >= _CLEAR_JOB:
            yield len(name) - size


def _is_clear(phrase: Phrase) -> bool:
    """Beside what is a job beyond doubt, any name is one that nothing speaks against."""
    return phrase.name_score >= _LEAST or phrase.job_score >= _SOLID


def _behind(text: str, size: int, start: int, end: int) -> list[Phrase]:
    """Job or unit, then the name of that many characters."""
    border = len(text) - size
    head, name = _CALLED.sub("", text[:border]), text[border:]
    title = titled(name)
    called = 2.2 if title is not None else name_score(name)
    job = job_score(head)
    if called <= 0 or job <= 0 or 1 < job < _CLEAR_JOB:
        return []
    if title is None and job_score(text) > 0 and (size < 3 or name.endswith(_JOB_ENDS)):
        return []
    if (head + name[0]).endswith(_LONG_ENDS) and name_score(name[1:]) > 0:
        return []
    at, stop = start + border, start + len(head)
    if job < 1:
        # a unit of the house is no job, where a name alone follows it
        own = (end - len(title), end) if title and title not in MANNERS else None
        return [Phrase((at, end), own, called, 0.4 if own is None else 1.0)]
    return [Phrase((at, end), (start, stop), called, job)]


def _before(text: str, size: int, start: int, end: int) -> list[Phrase]:
    """The name of that many characters, then the job: 王芳采购经理, 王芳是采购经理."""
    between = _IS.match(text, size)
    begin = between.end() if between else size
    name, job = name_score(text[:size]), job_score(text[begin:])
    if name >= _SURE_NAME and 0 < job < 1:
        # a unit of the house stands behind whose it is
        return [Phrase((start, start + size), None, name + job)]
    if between is None and text[begin:] in DEEDS:
        return []
    if name <= 0 or job < _CLEAR_JOB or text[:size].endswith(_UNIT_ENDS):
        return []
    return [Phrase((start, start + size), (start + begin, end), name + bool(between), job)]


def surname_end(plain: str, start: int, end: int) -> int:
    """Behind the surname that stands there alone (`我姓上官`)."""
    return min(end, start + (2 if plain[start : start + 2] in _COMPOUND else 1))


def may_be_name(text: str) -> bool:
    """Whether nothing speaks against a name but that nobody knows it as one."""
    talk = text in TALK or text in _STEMS or text in _PLACES or job_score(text) > 0
    if text.endswith(_NO_NAME_ENDS) or text.startswith(_NO_NAME_STARTS):
        return False
    return not talk and not any(char in _NEVER_IN for char in text)
