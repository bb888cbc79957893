"""What a form is made of: steps that want an answer, and the answer each sort of step takes."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import How
from bot.domain.notice import Notice

CLIENT_TYPE = "client_type"
DESCRIPTION = "need"
FACT = "if:"
# said without being asked, kept where they were said
EXTRA = frozenset({"uscc"})


class Sort(StrEnum):
    """What kind of answer a step takes."""

    FIELD = "field"
    TYPE = "type"
    NEED = "need"
    FACT = "fact"
    TYPED = "typed"
    UPLOAD = "upload"


@dataclass(frozen=True)
class Step:
    """One thing to be known. `key` is a field, `client_type`, `need`, `if:<condition>` or a
    material's name."""

    key: str
    sort: Sort


@dataclass(frozen=True)
class Given:
    """A material as given in a conversation."""

    how: How
    value: str = ""


Answer = str | bool | Given


def steps_of(notice: Notice, *, described: bool = True) -> tuple[Step, ...]:
    """The steps a notice leaves open, in the order in which they are listed and numbered."""
    fields = tuple(Step(field, Sort.FIELD) for field in notice.fields)
    head = () if described else (Step(DESCRIPTION, Sort.NEED),)
    kind = (Step(CLIENT_TYPE, Sort.TYPE),) if notice.by_group is not None else ()
    typed = tuple(Step(one.name, Sort.TYPED) for one in notice.typed)
    uploads = tuple(Step(one.name, Sort.UPLOAD) for one in notice.uploads)
    facts = tuple(Step(FACT + one.condition, Sort.FACT) for one in notice.questions)
    return head + fields + kind + typed + uploads + facts
