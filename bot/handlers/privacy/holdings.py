"""What is kept of a person: gathered for them to see, masked, and for deciding what may go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.dialogs.intake.draft import Draft
from bot.domain.cases import OPEN, Case, ClientType, Field
from bot.domain.catalog import Item
from bot.domain.complaints import UNDECIDED, Voice
from bot.domain.privacy import Fate, Holding, Kept, Thing, Wish, fate
from bot.handlers.turn import Office
from bot.messages import Say
from bot.reading.masking import mask_address, mask_name, mask_phone
from storage import cases, complaints, files
from storage.db import Tx
from storage.files import FilePurpose, FileState
from storage.people import Person

MOST = 200
# shown in full with their fields; of older ones the number
SHOWN = 5


@dataclass(frozen=True)
class Found:
    """Everything of one person that there is."""

    person: Person
    draft: Draft | None
    cases: tuple[Case, ...]
    voices: tuple[Voice, ...]
    media: int

    @property
    def holding(self) -> Holding:
        """The same as the rules want it."""
        still = tuple(one.number for one in self.cases if is_open(one))
        unheard = tuple(one.number for one in self.voices if one.state in UNDECIDED)
        return Holding(
            draft=self.draft is not None or self.person.first_words is not None,
            media=self.media,
            opted_out=self.person.opted_out_at is not None,
            open_cases=still,
            closed_cases=tuple(one.number for one in self.cases if one.number not in still),
            open_complaints=unheard,
            closed_complaints=tuple(one.number for one in self.voices if one.number not in unheard),
        )


def found_of(tx: Tx, person: Person) -> Found:
    """What is kept of this person now."""
    progress = person.progress
    draft = Draft.model_validate(progress) if progress.get("form") == "intake" else None
    own = files.of_person(tx, person.id)
    return Found(
        person=person,
        draft=draft,
        cases=cases.of_person(tx, person.id, MOST),
        voices=complaints.of_person(tx, person.id, MOST),
        media=sum(
            one.state is not FileState.ERASED and one.purpose is FilePurpose.MATERIAL for one in own
        ),
    )


def is_open(case: Case) -> bool:
    """Whether some need of it is still worked at."""
    return any(need.state in OPEN for need in case.needs)


def fate_words(office: Office, wish: Wish, found: Holding) -> dict[str, object]:
    """What a wish does to what there is, in words."""
    outcome: Fate = fate(wish, found, office.catalog.clocks)
    days = {"days": office.catalog.clocks.media_days}
    gone = [office.renderer.text(Say(f"privacy/thing_{one}", days)) for one in outcome.gone]
    return {"gone": gone, "kept": [kept_words(office, one, found) for one in outcome.kept]}


def kept_words(office: Office, kept: Kept, found: Holding) -> str:
    """One thing that stays, why, and for how long."""
    numbers = {
        Thing.OPEN_CASE: found.open_cases,
        Thing.CLOSED_CASE: found.closed_cases,
        Thing.COMPLAINT: (*found.open_complaints, *found.closed_complaints),
    }.get(kept.thing, ())
    values = {"numbers": numbers, "years": kept.years}
    return office.renderer.text(Say(f"privacy/thing_{kept.thing}", values))


def who(found: Found) -> str:
    """Name and number as far as they were given, for whoever has to carry the wish out."""
    known = [one.record.fields for one in reversed(found.cases)]
    if found.draft is not None:
        known.append(found.draft.fields)
    fields = {key: value for one in known for key, value in one.items()}
    return " ".join(fields[key] for key in (Field.CONTACT, Field.PHONE) if key in fields)


def related(found: Found) -> list[str]:
    """The numbers of all that there is."""
    return [*(one.number for one in found.cases), *(one.number for one in found.voices)]


def summary(office: Office, found: Found) -> dict[str, object]:
    """All of it as its owner is shown it."""
    draft = found.draft
    return {
        "draft": draft
        and {
            "services": names(drafted(office, draft)),
            "rows": rows(office, draft.fields, draft.extra, draft.client_type),
        },
        "cases": [
            {
                "number": one.number,
                "services": names(office.catalog.service(need) for need in one.needs),
                "state": one.state,
                "at": one.registered_at,
                "rows": rows(office, one.record.fields, one.record.extra, one.record.client_type),
            }
            for one in found.cases[:SHOWN]
        ],
        "more": [one.number for one in found.cases[SHOWN:]],
        "voices": [one.number for one in found.voices],
        "media": found.media,
        "consented_at": found.person.consented_at,
        "opted_out_at": found.person.opted_out_at,
    }


def drafted(office: Office, draft: Draft) -> list[Item]:
    """The items of a registration under way, as far as they are still offered."""
    known = office.catalog.item
    return [known[row.item] for row in draft.rows if row.item and row.item in known]


def names(items: Iterable[Item]) -> list[str]:
    """What the items are called, each once."""
    return list(dict.fromkeys(one.name for one in items))


def rows(
    office: Office,
    fields: Mapping[Field, str],
    extra: Mapping[str, str],
    kind: ClientType | None,
) -> list[tuple[str, str]]:
    """Label and value of every field, masked as domain.md 8 says."""
    label = office.renderer.label
    shown = [(label(key), masked(key, fields[key], kind)) for key in Field if key in fields]
    return shown + [(label(key), label(value)) for key, value in extra.items()]


def masked(key: Field, value: str, kind: ClientType | None) -> str:
    """A field as it may be seen by whoever holds the phone; of organisations the name is public."""
    if key is Field.PHONE:
        return mask_phone(value)
    if key is Field.ADDRESS:
        return mask_address(value)
    individual = kind in {None, ClientType.INDIVIDUAL}
    if key is Field.CONTACT or (key is Field.APPLICANT and individual):
        return mask_name(value)
    return value
