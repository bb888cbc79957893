"""Gathering: laying answers into the draft, and the one bubble that follows."""

from dataclasses import replace

from bot.dialogs.engine import Board, Placed, place, place_photo
from bot.dialogs.form import CLIENT_TYPE, DESCRIPTION, EXTRA, FACT, Given, Sort
from bot.dialogs.intake import needs, photos, wishes
from bot.dialogs.intake.draft import (
    OFTEN,
    Asking,
    Draft,
    Row,
    all_steps,
    open_steps,
    prefilled,
    still_missing,
)
from bot.dialogs.intake.outcome import Deed, Heard, Outcome, Setting
from bot.dialogs.intake.sayings import (
    listed,
    say_further,
    say_known,
    say_needs,
    say_not_understood,
    say_notice,
    say_privacy,
    say_refused,
    say_summary,
    say_understood,
    say_unnamed,
    typed_along,
)
from bot.domain.cases import ClientType, Field, How
from bot.domain.catalog import Catalog
from bot.domain.notice import FIELDS
from bot.messages import Say
from bot.reading.answers.aptness import only_states
from bot.reading.fields.businesses import is_trade
from bot.reading.fields.names import looks_like_name
from bot.reading.needs.options import is_wish_alone
from bot.reading.normalise import normalise
from bot.reading.reading import Reading, Word


def gather(draft: Draft, heard: Heard, setting: Setting) -> Outcome:
    """Everything else: what the message offers is laid into the open steps, the rest is said."""
    said, catalog = heard.said, setting.catalog
    first: tuple[Say, ...] = ()
    begins = not draft.rows and bool(said.needs)
    if begins:
        draft = needs.begin(draft, said, catalog)
        first = () if needs.unclear(draft) is not None else (proposed(draft, setting),)
    beside = tells_trade(draft, said) or is_wish_alone(normalise(said.text))
    beside = beside or (open_typed(draft, catalog) and only_states(said.text))
    further = None if beside else needs.another(draft, said, catalog)
    if further is not None:
        return ask_about(further, draft, setting)
    placed = placing(draft, heard, setting)
    clear = needs.unclear(draft) is None
    if placed.nothing and clear and said.word in {Word.CONFIRM, Word.YES, Word.AGREE}:
        first = (*first, Say("intake/not_yet"))
    outcome = reply(apply(draft, placed), draft, placed, setting, first)
    if begins and outcome.draft.asking is Asking.ITEM:
        choice = needs.say_choice(outcome.draft, catalog)
        return replace(outcome, says=(*outcome.says[:-1], choice))
    return outcome


def open_typed(draft: Draft, catalog: Catalog) -> bool:
    """Whether something is still to be written in words."""
    return any(step.sort is Sort.TYPED for step in open_steps(draft, catalog))


def tells_trade(draft: Draft, said: Reading) -> bool:
    """Whether the words are the business that is asked for rather than a further need."""
    asked = Field.BUSINESS in FIELDS[draft.client_type] if draft.client_type else True
    return asked and Field.BUSINESS not in draft.fields and is_trade(said.text)


def ask_about(further: Draft, old: Draft, setting: Setting) -> Outcome:
    """A further need: is it added, or does it replace; or, said as a correction, simply taken."""
    if further.asking is not Asking.ADD_OR_REPLACE or further.proposed is None:
        return opened(further, old, setting)
    item = setting.catalog.item[str(further.proposed.item)].name
    return Outcome(further, (Say("intake/add_or_replace", {"item": item}),))


def opened(draft: Draft, old: Draft, setting: Setting) -> Outcome:
    """The reply once the needs are clear: what was understood, then consent or the notice."""
    offered = needs.offering(draft, Reading(""), setting.catalog)
    if offered.asking is Asking.ITEM:
        return Outcome(offered, (needs.say_choice(offered, setting.catalog),))
    if not setting.consented:
        return ask_consent(draft, setting)
    # other needs, other materials: these are explained again
    draft = draft.but(noticed=False)
    return reply(draft, old, Placed(), setting, (proposed(draft, setting),))


def ask_consent(draft: Draft, setting: Setting, *, sealed: bool = False) -> Outcome:
    """The needs as understood and the privacy notice: no personal field before 同意."""
    deed = Deed.SEAL if sealed else Deed.NONE
    again = draft.asking is Asking.CONSENT
    along = typed_along(draft, setting.catalog) if not (sealed or again) else None
    notice = say_privacy(setting.catalog, sealed=sealed, again=again, along=along)
    says = (notice,) if again or not draft.rows else (proposed(draft, setting), notice)
    return Outcome(draft.but(asking=Asking.CONSENT), says, deed)


def proposed(draft: Draft, setting: Setting) -> Say:
    """The needs as understood today, partner items marked."""
    catalog = setting.catalog
    items = (catalog.item[row.item] for row in draft.rows if row.item)
    return say_needs(draft, catalog, {one.id: one.own_service(setting.today) for one in items})


def placing(draft: Draft, heard: Heard, setting: Setting) -> Placed:
    """What the message answers on this draft's board."""
    board = Board(
        open=open_steps(draft, setting.catalog),
        applying=all_steps(draft, setting.catalog),
        shown=draft.shown,
        quote=heard.quote,
        hints={name: note.hint for name, note in setting.catalog.materials.items()},
        known={str(k): v for k, v in draft.fields.items()} | {CLIENT_TYPE: draft.client_type or ""},
        filing=draft.filing,
    )
    if heard.photo is not None:
        return place_photo(heard.photo, board)
    placed = place(heard.said, board, setting.read)
    found = with_own_name(draft, settled(draft, placed, setting.catalog))
    return wishes.wished(draft, found, heard.said, setting)


def settled(draft: Draft, placed: Placed, catalog: Catalog) -> Placed:
    """Without materials that the message itself makes needless, as does 还没有召回计划."""
    if not any(key.startswith(FACT) for key in placed.answers):
        return placed
    left = {step.key for step in all_steps(apply(draft, placed), catalog)}
    kept = {
        key: answer
        for key, answer in placed.answers.items()
        if key in left or not isinstance(answer, Given)
    }
    return replace(placed, answers=kept)


def with_own_name(draft: Draft, placed: Placed) -> Placed:
    """A private person is applicant and contact in one: the one name given stands for both."""
    after = apply(draft, placed)
    if not placed.answers or after.client_type is not ClientType.INDIVIDUAL:
        return placed
    for given, other in ((Field.APPLICANT, Field.CONTACT), (Field.CONTACT, Field.APPLICANT)):
        if other not in after.fields and looks_like_name(after.fields.get(given, "")):
            return replace(placed, answers={**placed.answers, other: after.fields[given]})
    return placed


def apply(draft: Draft, placed: Placed) -> Draft:
    """The draft with the answers laid in."""
    fields, facts, materials = dict(draft.fields), dict(draft.facts), dict(draft.materials)
    extra = dict(draft.extra)
    changes: dict[str, object] = {}
    for key, answer in placed.answers.items():
        if isinstance(answer, Given):
            materials[key] = photos.joined(materials.get(key), answer)
        elif key == CLIENT_TYPE:
            changes["client_type"] = ClientType(str(answer))
        elif key == DESCRIPTION:
            changes["rows"] = describe(draft.rows, str(answer))
        elif key.startswith(FACT):
            facts[key.removeprefix(FACT)] = bool(answer)
        elif key in EXTRA:
            extra[key] = str(answer)
        else:
            fields[Field(key)] = str(answer)
    if placed.options or placed.wanted_on:
        changes["rows"] = wishes.lay(draft.rows, placed)
    return draft.but(fields=fields, extra=extra, facts=facts, materials=materials, **changes)


def describe(rows: tuple[Row, ...], text: str) -> tuple[Row, ...]:
    """The rows whose own words were too few, now with these."""
    return tuple(
        row if len("".join(row.text.split())) >= 4 else row.model_copy(update={"text": text})
        for row in rows
    )


def reply(
    draft: Draft, old: Draft, placed: Placed, setting: Setting, first: tuple[Say, ...] = ()
) -> Outcome:
    """One bubble: what was understood, what could not be read, and all that is still missing."""
    catalog, says = setting.catalog, list(first)
    draft = draft.but(misses=0 if placed.understood or first else draft.misses + 1)
    if placed.understood:
        says.append(say_understood(placed, catalog, draft))
        says += say_further(placed, draft, catalog)
    draft = filing(counting(draft, placed), placed)
    for key, reason in placed.refused.items():
        says.append(say_refused(draft, key, reason, catalog))
    if placed.candidates:
        return ask_which(draft, placed, says)
    for key, value in placed.other.items():
        values = {"key": key, "new": value, "old": draft.fields[Field(key)]}
        says.append(Say("intake/conflict", values))
    if placed.loose is not None:
        draft = draft.but(photos=(*draft.photos, *photos.keys_of(placed.loose)))
        says.append(Say("intake/no_place_for_photo"))
    if placed.nothing and not first and needs.unclear(draft) is None:
        says.append(say_not_understood(draft, catalog))
    draft, closing = next_question(draft, setting)
    if draft.asking is Asking.NOTHING and just_parked(draft, placed):
        draft = draft.but(asking=Asking.PERSON)
    return Outcome(draft.remembering(old), (*says, closing, *say_unnamed(draft, catalog)))


def just_parked(draft: Draft, placed: Placed) -> bool:
    """Whether a field was given up with this message."""
    return any(draft.refused.get(key, 0) == OFTEN for key in placed.refused)


def counting(draft: Draft, placed: Placed) -> Draft:
    """The draft with how often in a row each field was refused."""
    kept = {key: often for key, often in draft.refused.items() if key not in placed.answers}
    return draft.but(refused=kept | {key: kept.get(key, 0) + 1 for key in placed.refused})


def filing(draft: Draft, placed: Placed) -> Draft:
    """The draft with where photos go that follow right behind, and what those before were."""
    given = {key: one for key, one in placed.answers.items() if isinstance(one, Given)}
    went = {key: photos.keys_of(one) for key, one in given.items() if photos.keys_of(one)}
    if len(went) != 1:
        return draft.but(filing="", filed=())
    (name, keys), *_ = went.items()
    before = draft.filed if name == draft.filing else ()
    return draft.but(filing=name, filed=tuple(dict.fromkeys((*before, *keys))))


def ask_which(draft: Draft, placed: Placed, says: list[Say]) -> Outcome:
    """The question which of several open materials a text or photo is.

    Photos that were not named yet are asked about together; none is lost by a further one.
    """
    keys = photos.keys_of(placed.loose)
    loose = None if keys else placed.loose
    asked = draft.but(
        asking=Asking.WHICH,
        choices=placed.candidates,
        loose=loose,
        photos=(*draft.photos, *keys),
    )
    return Outcome(asked, (*says, which_one(asked, extra=placed.extra)))


def which_one(draft: Draft, *, extra: bool = False) -> Say:
    """The question itself, for as many photos as wait for its answer."""
    how = How.UPLOADED if draft.loose is None else draft.loose.how
    count = len(draft.photos) if draft.loose is None else 0
    values = {"choices": draft.choices, "how": how, "extra": extra, "count": count}
    return Say("intake/which", values)


def next_question(draft: Draft, setting: Setting) -> tuple[Draft, Say]:
    """The need, then everything that is missing, then the summary."""
    catalog = setting.catalog
    if not draft.rows:
        return draft.but(asking=Asking.NOTHING), Say("intake/ask_need")
    if needs.unclear(draft) is not None:
        again = draft.asking is Asking.ITEM
        if not again:
            draft = needs.offering(draft, Reading(""), catalog)
        return draft, needs.say_choice(draft, catalog, again=again)
    if draft.last is not None:
        return ask_known(draft, setting)
    notice = still_missing(draft, catalog)
    undecided = notice.questions and not draft.skip_questions
    steps = open_steps(draft, catalog)
    if notice.registrable and not undecided and all(step.sort is Sort.UPLOAD for step in steps):
        shown = listed(draft, catalog)
        return draft.but(asking=Asking.REVIEW, shown=shown), say_summary(
            draft, catalog, setting.upload
        )
    say = say_notice(draft, catalog, setting.upload)
    return draft.but(asking=Asking.NOTHING, noticed=True, shown=listed(draft, catalog)), say


def ask_known(draft: Draft, setting: Setting) -> tuple[Draft, Say]:
    """Whether all is as the last time, with what would be left to give then."""
    assert draft.last is not None  # noqa: S101 - asked where something is known alone
    left = listed(prefilled(draft), setting.catalog)
    return draft.but(asking=Asking.KNOWN, shown=()), say_known(draft.last, left, setting.catalog)
