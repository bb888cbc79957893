"""How and as whom somebody asks: client type, urgency, import, and filing for another."""

import re
from collections.abc import Mapping

from bot.domain.cases import ClientType
from bot.reading.fields.applicants import client_type, speaks_as_individual
from bot.reading.needs.options import is_urgent
from bot.reading.vocabulary import any_pattern, words

_TYPES = {
    kind: re.compile(any_pattern(words("manner", kind.value)))
    for kind in (ClientType.SOLE_TRADER, ClientType.GOVERNMENT, ClientType.INSTITUTION)
}
_ENTERPRISE = re.compile(any_pattern(words("manner", ClientType.ENTERPRISE.value)))
# of what a fact of the catalogue decides, these two are fields as well
_FACT_FIELDS = {"imported": "import", "filed_by_agent": "agent"}
_SAID = {True: "yes", False: "no"}


def read_manner(plain: str, applicant: str | None, facts: Mapping[str, bool]) -> dict[str, str]:
    """The fields that the whole of a message says, rather than one of its spans."""
    found: dict[str, str] = {}
    kind = _kind(plain, applicant)
    if kind is not None:
        found["client_type"] = kind.value
    if is_urgent(plain):
        found["urgency"] = "urgent"
    for fact, name in _FACT_FIELDS.items():
        if fact in facts:
            found[name] = _SAID[facts[fact]]
    return found


def _kind(plain: str, applicant: str | None) -> ClientType | None:
    if applicant:
        named = client_type(applicant)
        if named is not None:
            return named
    if speaks_as_individual(plain):
        return ClientType.INDIVIDUAL
    for kind, pattern in _TYPES.items():
        if pattern.search(plain):
            return kind
    return ClientType.ENTERPRISE if _ENTERPRISE.search(plain) else None
