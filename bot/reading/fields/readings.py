"""A run of words taken as a firm, a place, a person or a matter, with what stands around it."""

import re

from bot.reading.fields.addresses import goes_on_speaking, last_place, names_region, opens_address
from bot.reading.fields.businesses import trade_in
from bot.reading.fields.firms import Firm, ends_place, firms, opening, opening_afresh
from bot.reading.fields.introductions import introduced
from bot.reading.fields.matters import asks, trades
from bot.reading.fields.people import Phrase, job_score, name_score, read_phrase, surname_end
from bot.reading.fields.regions import starts
from bot.reading.fields.runs import Span
from bot.reading.vocabulary import any_of, any_run_of, words

Reading = list[Span]

_LINKS = re.compile(f"{any_run_of(words('cues', 'links'))}+")
_LINKED = re.compile(any_of((*words("cues", "links"), *words("persons", "units"))))
_AFTER_NAME = re.compile(
    rf"(?:{any_run_of(words('persons', 'after_names'))}+|(?<=...){words('persons', 'takes')[0]})$"
)
_AFTER_TRADE = re.compile(rf"(?:{any_of(words('cues', 'after_trades'))})$")
_NO_ADDRESS = re.compile(any_of(words("places", "never")))
_EXACT = re.compile(any_of(words("places", "exact")))
_DEED = re.compile(any_of(words("cues", "deeds")))
_NOT_IN_RUN = frozenset(words("cues", "not_in_run")[0])
_NUMBERED_ENDS = frozenset(words("places", "house"))
_INDUSTRIES = words("orgs", "industries")
_DIGIT = re.compile(r"[0-9]")
_OF = words("cues", "links")[0]
# how much words of introduction add, and what a whole piece adds to a firm
TOLD, _ALONE = 2.0, 0.5
# a person and a job beyond doubt; either of them at least
_WHOLE, _BOTH, _PERSON = 3.2, 1.9, 1.4
# what ends like a trade is nobody's name; what is as short as a name may be one
_TRADE, _SHORT = 1.6, 4
# how much less sure a firm is for words before it that say nothing, and for words behind it
_JUNK, _LOOSE_END, _LINKED_END = 0.4, 2.0, 0.6
# how sure words around a firm or a place must be; behind a place without a number, more
_LEAST, _BEHIND = 1.2, 1.9
_FAR, _FIRM, _WIDTH = 12, 2.2, 2


def total(found: Reading) -> float:
    """How sure a reading is."""
    return sum(score for _, _, _, score in found)


def has(found: Reading, role: str) -> bool:
    """Whether a reading fills a slot."""
    return any(one[0] == role for one in found)


def best_of(plain: str, start: int, end: int, role: str) -> Reading:
    """The best reading of a piece whose words of introduction are gone; `role`: what they said."""
    found = [
        as_firm(plain, start, end, role),
        as_address(plain, start, end, role),
        as_person(plain, start, end, role),
        as_matter(plain, start, end, role),
    ]
    return max(found, key=total)


def as_firm(plain: str, start: int, end: int, role: str) -> Reading:
    """A firm with what stands before and behind it."""
    found = [_around(plain, start, end, firm, role) for firm in firms(plain, start, end)]
    # of equals the longest
    return max(reversed(found), key=total, default=[])


def _around(plain: str, start: int, end: int, firm: Firm, role: str) -> Reading:
    score = firm.score + (TOLD if role == "applicant" else 0.0)
    found: Reading = []
    if firm.start > start:
        stop = firm.start - 1 if plain[firm.start - 1] == _OF else firm.start
        found += _head(plain, start, stop)
        score -= 0.0 if found else _JUNK
    behind = _LINKS.match(plain, firm.end, end)
    begin = behind.end() if behind else firm.end
    if begin >= end:
        return [*found, ("applicant", firm.start, firm.end, score + _ALONE)]
    rest = _rest(plain, begin, end)
    if not rest:
        score -= _LINKED_END if behind else _LOOSE_END
    return [*found, ("applicant", firm.start, firm.end, score), *rest]


def _head(plain: str, start: int, end: int) -> Reading:
    """What stands before a firm or a place."""
    if end - start < _WIDTH:
        return []
    begin, role = introduced(plain, start, end)
    readings = [
        as_address(plain, start, end, ""),
        *(_named(as_person(plain, *one)) for one in ((start, end, ""), (begin, end, role))),
        as_matter(plain, begin, end, role),
    ]
    best = max(readings, key=total)
    return best if total(best) >= _LEAST else []


def _named(found: Reading) -> Reading:
    """A person only if it is named: a job alone is found in many words."""
    return found if has(found, "contact") else []


def _rest(plain: str, start: int, end: int) -> Reading:
    """What stands behind a firm."""
    begin, role = introduced(plain, start, end)
    raw = as_person(plain, start, end, "")
    if total(raw) >= _WHOLE:
        return raw
    readings = [
        raw if total(raw) >= 1 else [],
        as_person(plain, begin, end, role),
        as_address(plain, begin, end, role) if role or names_region(plain, begin, end) else [],
        as_matter(plain, begin, end, role) if role or _is_matter(plain[begin:end]) else [],
    ]
    return max(readings, key=total)


def _is_matter(text: str) -> bool:
    """Whether words that nothing introduces are a need or a trade."""
    return trades(text) > 1 or asks(text) >= _LEAST


def as_address(plain: str, start: int, end: int, role: str) -> Reading:
    """A place, with what stands before and behind it."""
    head: Reading = []
    begin = max(start, opening_afresh(plain, start, end))
    named = starts(plain, start, end)
    if named and 0 < named[0] - start <= _FAR and begin == start:
        head, begin = _head(plain, start, named[0]), named[0]
    border, rest = _past_address(plain, begin, end)
    if _NO_ADDRESS.search(plain, begin, border) or border - begin < _SHORT:
        return []
    score = opens_address(plain, begin, border)
    told = role == "address"
    if score <= 0 and not (told and _EXACT.search(plain, begin, border)):
        return []
    if not _DIGIT.search(plain, begin, border) and _is_firm(plain, begin, border):
        return []
    return [*head, ("address", begin, border, score + (TOLD if told else 0.0)), *rest]


def _is_firm(plain: str, start: int, end: int) -> bool:
    """Whether what looks like a place is the name of a firm, whatever links it to the rest."""
    return any(
        firm.score >= _FIRM and (firm.end == end or _LINKED.match(plain, firm.end, end))
        for firm in firms(plain, start, end)
    )


def _past_address(plain: str, start: int, end: int) -> tuple[int, Reading]:
    """Where a place ends that runs on without a mark, and what follows it."""
    of = plain.find(_OF, start + 6, end)
    if of > 0:
        begin, role = introduced(plain, of + 1, end)
        person = as_person(plain, begin, end, role)
        if any(one[0] == "contact" and one[3] >= _PERSON for one in person):
            return of, person
    deed = _DEED.search(plain, start + 6, end)
    if deed and ends_place(plain, deed.start()):
        return deed.start(), _rest(plain, deed.start(), end)
    for border in (opening(plain, start, end), last_place(plain, start, end)):
        rest = _glued(plain, start, border, end)
        if rest:
            return border, rest
    last = last_place(plain, start, end)
    if start < last < end and goes_on_speaking(plain, last, end):
        return last, _rest(plain, last, end)
    return end, []


def _glued(plain: str, start: int, border: int, end: int) -> Reading:
    """A person or a matter right behind a place, if either is sure enough."""
    if border <= start or end - border < _WIDTH:
        return []
    person, matter = as_person(plain, border, end, ""), as_matter(plain, border, end, "")
    if any(one[0] == "contact" and one[3] < _LEAST for one in person):
        person = []
    rest = max((person, matter), key=total)
    least = _LEAST if plain[border - 1] in _NUMBERED_ENDS else _BEHIND
    return rest if total(rest) >= least else []


def as_person(plain: str, start: int, end: int, role: str) -> Reading:
    """A name, a job, or both."""
    if role == "surname":
        return _surnamed(plain, start, end)
    if trades(plain[start:end]) >= _TRADE or plain.endswith(_INDUSTRIES, start, end):
        return []
    after = _AFTER_NAME.search(plain, start, end)
    stop = after.start() if after and after.start() - start >= _WIDTH else end
    phrase = _phrase(plain, start, stop)
    if role == "contact" and phrase.score < 1 and stop - start > _SHORT:
        return _named_in_run(plain, start, stop)
    found: Reading = []
    if phrase.name:
        extra = TOLD if role == "contact" else 0.0
        extra += (0.5 if stop < end else 0.0) + (0.6 if phrase.job else 0.0)
        found.append(("contact", *phrase.name, phrase.name_score + extra))
    if phrase.job:
        extra = TOLD if role == "position" else 0.0
        found.append(("position", *phrase.job, phrase.job_score + extra))
    return found


def _surnamed(plain: str, start: int, end: int) -> Reading:
    """Behind `my surname is`: a surname alone, or the whole name right after it (姓沈沈建芳)."""
    stop = surname_end(plain, start, end)
    again = _LINKS.match(plain, stop, end)
    begin = again.end() if again else stop
    if plain.startswith(plain[start:stop], begin, end):
        whole = _named_in_run(plain, begin, end)
        if whole:
            return whole
    return [("contact", start, stop, _TRADE)]


def _phrase(plain: str, start: int, end: int) -> Phrase:
    """A name and a job, also where a sentence leads to them (种胡柚的技术员王芳)."""
    phrase = read_phrase(plain, start, end)
    of = plain.rfind(_OF, start, end - _WIDTH) if phrase.score < 1 else -1
    if of < 0:
        return phrase
    whose = read_phrase(plain, of + 1, end)
    return whose if whose.score >= _BOTH and whose.name and whose.job else phrase


def _named_in_run(plain: str, start: int, end: int) -> Reading:
    """The name that words of introduction lead to, where others follow without a mark."""
    for size in (4, 3, 2):
        stop = start + size
        text = plain[start:stop]
        if stop > end or any(char in _NOT_IN_RUN for char in text):
            continue
        score = name_score(text)
        if score >= (2.5 if size == _SHORT else _PERSON):
            return [("contact", start, stop, score + TOLD), *_rest(plain, stop, end)]
    return []


def as_matter(plain: str, start: int, end: int, role: str) -> Reading:
    """Words of a need, or of a trade."""
    text = plain[start:end]
    need = asks(text)
    if job_score(text) >= 1 and need < 3:
        return []
    after = _AFTER_TRADE.search(text)
    stop = start + after.start() if after else end
    trade = trades(plain[start:stop])
    if role == "business" and need < TOLD:
        told = stop - start >= _WIDTH and trade > 0
        return [("business", start, stop, trade + TOLD)] if told else []
    if need == 0 and text.endswith(_OF) and trade < TOLD:
        dealt = trade_in(plain, start, end)
        if dealt:
            return [("business", *dealt, TOLD)]
    if need > trade:
        return [("need", start, end, need)]
    return [("business", start, stop, trade)] if trade > 0 else []
