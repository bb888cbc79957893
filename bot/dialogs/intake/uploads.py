"""Documents that came by the upload page: the draft takes them as it takes photos in the chat."""

from collections.abc import Mapping

from bot.dialogs.engine import Placed
from bot.dialogs.form import Given, Sort
from bot.dialogs.intake import needs
from bot.dialogs.intake.draft import Asking, Draft, all_steps, open_steps, still_missing
from bot.dialogs.intake.gathering import apply, reply
from bot.dialogs.intake.outcome import Outcome, Setting
from bot.domain.cases import How
from bot.domain.catalog import MaterialKind

# What the talk asks now waits for its answer in the chat, whatever is uploaded meanwhile.
FREE = frozenset({Asking.NOTHING, Asking.REVIEW, Asking.REVIEWED})
SENT = {MaterialKind.TYPED: Sort.TYPED, MaterialKind.UPLOAD: Sort.UPLOAD}


def takes_documents(draft: Draft, setting: Setting) -> bool:
    """Whether it is clear what is needed, and the client agreed to leave documents with us."""
    clear = bool(draft.rows) and needs.unclear(draft) is None
    return clear and setting.consented and not draft.cancelled


def places(draft: Draft, setting: Setting) -> Mapping[str, tuple[Sort, bool]]:
    """The materials this draft can take, with their sort and whether they are still wanted."""
    notice, catalog = still_missing(draft, setting.catalog), setting.catalog
    wanted = {step.key: step.sort for step in open_steps(draft, catalog)}
    given = {
        step.key: step.sort for step in all_steps(draft, catalog) if step.key in draft.materials
    }
    welcome = {one.name: SENT[one.kind] for one in notice.optional if one.kind in SENT}
    found = {**welcome, **given, **wanted}
    sent = {key: sort for key, sort in found.items() if sort in SENT.values()}
    return {key: (sort, key in wanted) for key, sort in sent.items()}


def hand_in(draft: Draft, name: str, given: Given, setting: Setting) -> Outcome:
    """The draft with a material laid in; once the last one is there, the chat says what follows.

    Until then what stands in the chat stays true: the list it shows only becomes shorter. A
    question that is open there stays open.
    """
    placed = Placed({name: given})
    after = apply(draft, placed)
    finished = left(draft, setting) and not left(after, setting)
    if not finished or draft.asking not in FREE or draft.changing:
        return Outcome(after.remembering(draft))
    outcome = reply(after, draft, placed, setting)
    return Outcome(outcome.draft, outcome.says[-1:])


def left(draft: Draft, setting: Setting) -> bool:
    """Whether something is still to come that the page has a place for."""
    return any(step.sort in SENT.values() for step in open_steps(draft, setting.catalog))


def is_uploaded(given: Given | None) -> bool:
    """Whether files of this material are here already, which further ones join."""
    return given is not None and given.how is How.UPLOADED
