"""Corrections: a field taken back and said anew, or only named as the one to change."""

import re
from collections.abc import Iterator

from bot.reading.fields.addresses import find_address
from bot.reading.fields.applicants import find_applicant
from bot.reading.fields.labels import Labels
from bot.reading.fields.names import find_person, read_person
from bot.reading.fields.phones import find_phones
from bot.reading.findings import Findings
from bot.reading.labelled.meanings import FIELDS
from bot.reading.vocabulary import any_of, words

_FILE = "corrections"
_ERROR = any_of(words(_FILE, "error"))
_ENDING = any_of(words(_FILE, "endings"))
_FILLER = rf"{any_of(words(_FILE, 'fillers'))}{{0,3}}"
_VERB = rf"(?:{any_of(words(_FILE, 'wishes'))}[ ,]?){{0,3}}{any_of(words(_FILE, 'verbs'))}"
_OPENER = re.compile(rf"(?:{any_of(words(_FILE, 'openers'))})[\s,;:.!\u3002\u2026]*")
NOT_BUT = re.compile(
    rf"{any_of(words(_FILE, 'not'))}(?P<old>[^\n,;\u3002]{{1,40}}?)[ ,;\u3002]{{0,2}}"
    rf"{any_of(words(_FILE, 'is'))}[ :]?(?P<new>[^\n;\u3002!?]{{2,80}})"
)
# 联系人王芳，不是王方: the old value comes last
_NOT_THE_OLD = re.compile(
    rf"[,\u3002 ]{any_of(words(_FILE, 'not'))}[^\n,;\u3002!?]{{1,30}}[\s!\u3002]*$"
)
_LEAD = re.compile(rf"[ ,:]*(?:{any_of(words(_FILE, 'becomes'))}[ :]?)?")
_MARKS = " \n,;:.!?~\u3002"


class Corrections:
    """Reads corrections, for the labels of one catalogue."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        # behind an order the name of a field alone, else an error or an order behind the name
        self._only = re.compile(
            rf"(?P<verb>{_VERB})?(?:{any_of(words('labels', 'own'))})?(?P<label>{labels.any})"
            rf"(?(verb)(?:{_ENDING}){{0,3}}|{_FILLER}(?:{_ERROR}|(?:{_ENDING}){{1,3}}))[{_MARKS}]*",
            re.IGNORECASE,
        )

    def wanted(self, plain: str) -> str | None:
        """The field (or material) a message asks to change without saying to what."""
        bare = plain.strip(_MARKS)
        found = self._only.fullmatch(bare) if len(bare) <= 40 else None
        if found is None:
            return None
        return self._labels.field_of(found["label"])

    def read(self, findings: Findings) -> None:
        """Fill what `不是…是…` or a bare value behind an admission of error says."""
        free = findings.free()
        for old, new in _not_but(free):
            for name in _fill(findings, *new):
                if _of_sort(name, free, *old) or name not in ("contact",):
                    findings.corrected.add(name)
        if findings.labelled and _NOT_THE_OLD.search(free):
            findings.corrected |= findings.labelled & set(FIELDS)
        opener = _OPENER.match(findings.text.plain)
        if opener is None:
            return
        lead = _LEAD.match(findings.text.plain, opener.end())
        begin = lead.end() if lead else opener.end()
        if begin < len(free) and not findings.fields:
            _fill(findings, begin, len(free))
        findings.corrected |= set(findings.fields) & set(FIELDS) - {"need"}
        if findings.corrected:
            findings.take(0, begin)


def _not_but(free: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for found in NOT_BUT.finditer(free):
        yield found.span("old"), found.span("new")


def _of_sort(name: str, plain: str, start: int, end: int) -> bool:
    """Whether the old value is of the same sort as the new one."""
    if name == "contact":
        return read_person(plain, start, end) is not None
    return True


def _fill(findings: Findings, start: int, end: int) -> list[str]:
    """The slot whose sort this value unmistakably has."""
    plain = findings.text.plain
    phones = find_phones(plain[start:end])
    if phones:
        findings.take(start + phones[0].start, start + phones[0].end)
        return ["phone"] if findings.put("phone", phones[0].value, labelled=True) else []
    applicant = find_applicant(plain, start, end)
    if applicant and applicant.start == start:
        findings.put_span("applicant", applicant.start, applicant.end, labelled=True)
        return ["applicant"]
    address = find_address(plain, start, end)
    if address and address.exact and address.start == start:
        findings.put_span("address", address.start, address.end, labelled=True)
        return ["address"]
    person = find_person(plain, start, end)
    if person is None:
        return []
    findings.put("contact", person.quoted(findings.text), labelled=True)
    findings.take(person.start, person.end)
    return ["contact"]
