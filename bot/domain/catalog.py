"""What the agency offers: the validated values of catalog.yaml and what one asks of them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.domain.cases import Need


def written_date(value: object) -> object:
    """`value`, unless it is text that pydantic would take for seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise PydanticCustomError("date_form", "expected a date such as 2031-06-30")
    return value


def written_time(value: object) -> object:
    """`value` with two-digit hours; text without a colon would be taken for seconds."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{1,2}:\d{2}", value.strip()):
        raise PydanticCustomError("time_form", "expected a time such as 08:30")
    return value.strip().zfill(5)


# The item every need without a place of its own goes to (clause 6.10); each catalogue has it.
CATCH_ALL = "other"

# required and not empty; where empty is meaningful the field is a plain `str`
Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Date = Annotated[dt.date, BeforeValidator(written_date)]
Time = Annotated[dt.time, BeforeValidator(written_time)]


class Part(BaseModel):
    """A frozen piece of the catalogue; a key nobody knows is an error, not a comment."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class MaterialKind(StrEnum):
    """How a material arrives (domain.md 4.2). Only U and T count for completeness."""

    UPLOAD = "U"
    TYPED = "T"
    FORM = "F"
    BRING = "B"


class Material(Part):
    """One thing an item asks for. `when` names a condition or a client group; absent = always."""

    name: str = Field(min_length=2, max_length=40)
    kind: MaterialKind
    when: str | None = None
    optional: bool = False
    hint: str = ""
    # further labels under which a client may write it in a pasted block
    labels: tuple[str, ...] = ()


class Condition(Part):
    """A fact that decides whether a material applies, and how it is asked and answered."""

    id: Id
    question: Text
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


class Substitute(Part):
    """For this group of clients one material stands in for another; `to: null` drops it."""

    when: str
    material: str
    to: str | None


class MaterialNote(Part):
    """What is said of a material wherever it is asked for; an item's own words win."""

    hint: str = ""
    labels: tuple[str, ...] = ()
    # about the client and not the matter: it may be taken over from their last case
    lasting: bool = False


class Qualification(Part):
    """The licence an item is offered under (clause 4.1)."""

    name: Text
    number: Text
    valid_to: Date


class Partner(Part):
    """Who does what the agency itself may not (clause 8.3.4)."""

    name: Text
    phone: str
    cycle: Text


class Item(Part):
    """One service item. `turnaround` is in working days; None: `turnaround_text` only."""

    id: Id
    name: Text
    category: str
    department: str
    phrases: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()
    turnaround: int | None = Field(default=None, ge=1, le=400)
    turnaround_text: Text
    fee: Text
    enabled: bool = True
    qualification: Qualification | None = None
    partner: Partner | None = None

    def own_service(self, today: dt.date) -> bool:
        """Whether the agency itself may accept it today; if not, it becomes a referral."""
        if not self.enabled or self.partner is not None:
            return False
        return self.qualification is None or self.qualification.valid_to >= today


class Category(Part):
    """One of the ten categories of chapter 6."""

    id: Id
    clause: Text
    name: Text
    phrases: tuple[str, ...] = ()


class Department(Part):
    """Who a client is told to turn to."""

    id: Id
    name: Text
    phone: str
    place: str = ""


class Role(StrEnum):
    """What a staff member may do."""

    AGENT = "agent"
    MANAGER = "manager"


class Duty(Part):
    """Hours of one working day, e.g. `08:30`-`12:00`; several make a day with a lunch break."""

    start: Time
    end: Time


class Staff(Part):
    """A staff member; `id` is the WeCom userid. `items` empty: all items of the department."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$")
    name: Text
    number: Text
    phone: str
    department: str
    role: Role = Role.AGENT
    duty: tuple[Duty, ...] = ()
    items: tuple[str, ...] = ()


class Privacy(Part):
    """What PIPL 17 wants said before the first personal field."""

    handler: Text
    purpose: Text
    kinds: Text
    retention: Text
    contact: Text
    version: Text


class Agency(Part):
    """Who we are."""

    name: Text
    address: Text
    phone: str
    complaint_phone: str
    hours: Text
    duty: tuple[Duty, ...] = Field(min_length=1)
    number_prefix: str = Field(default="JY", pattern=r"^[A-Z]{1,4}$")
    privacy: Privacy
    # days that differ from the state calendar: date -> True if worked
    days: Mapping[Date, bool] = Field(default_factory=dict)


class Clocks(Part):
    """The agency's own clocks, in the unit each name says."""

    draft_days: int = Field(default=30, ge=1)
    sealed_hours: int = Field(default=24, ge=1, le=24)
    evaluate_days: int = Field(default=1, ge=1)
    accept_minutes: int = Field(default=60, ge=5)
    # a need on which nothing has changed for so many working days
    still_days: int = Field(default=5, ge=1)
    # staff hear so many duty hours before the client is told of it
    still_notice_hours: int = Field(default=4, ge=1)
    # the rating (clause 9.2.1, domain.md 5)
    survey_reminder_days: int = Field(default=3, ge=1)
    survey_open_days: int = Field(default=10, ge=1)
    improvement_days: int = Field(default=5, ge=1)
    # complaints (domain.md 6)
    complaint_days: int = Field(default=15, ge=1)
    complaint_update_days: int = Field(default=5, ge=1)
    # a talk handed to staff: brought up after so many minutes of duty, given back after so long
    handover_minutes: int = Field(default=15, ge=1)
    handover_hours: int = Field(default=24, ge=1)
    privacy_days: int = Field(default=15, ge=1)
    # what is kept how long (PIPL 19)
    media_days: int = Field(default=180, ge=1)
    record_years: int = Field(default=6, ge=1)


class Purpose(StrEnum):
    """What a push to a client is for, where a template message may carry it (`Push.purpose`)."""

    STATUS = "status"
    NOTICE = "notice"
    REMINDER = "reminder"
    SURVEY = "survey"
    COMPLAINT = "complaint"


class Template(Part):
    """A template message of the account: its id and the value of each data key, a Jinja string."""

    id: Text
    fields: Mapping[str, str]


class Page(StrEnum):
    """A page of ours that a button of the menu opens."""

    MINE = "mine"


class Leaf(Part):
    """A button that does something: it says these words for the client, or opens a page."""

    name: Text
    says: str = ""
    page: Page | None = None
    url: str = ""


class Button(Leaf):
    """A button of the account's menu; one with further buttons only opens them."""

    buttons: tuple[Leaf, ...] = ()


class Faq(Part):
    """A question that is answered at once (clause 8.3.2); parsing has filled in the answer."""

    id: Id
    phrases: tuple[str, ...] = Field(min_length=1)
    answer: Text


class Catalog(Part):
    """The whole offer. Look-ups never raise for an id that validation has seen.

    Needs outlive the items they were registered for: of a need one asks `service`.
    """

    agency: Agency
    departments: tuple[Department, ...]
    staff: tuple[Staff, ...]
    categories: tuple[Category, ...]
    conditions: tuple[Condition, ...] = ()
    standing: tuple[Material, ...] = ()
    # the file names both by key; parsing copies them into the items
    materials: Mapping[str, MaterialNote] = Field(default_factory=dict)
    qualifications: Mapping[str, Qualification] = Field(default_factory=dict)
    substitutes: tuple[Substitute, ...] = ()
    items: tuple[Item, ...]
    templates: Mapping[str, Template] = Field(default_factory=dict)
    # notices (订阅通知) that clients ask for, one at a time
    subscriptions: Mapping[str, Template] = Field(default_factory=dict)
    menu: tuple[Button, ...] = ()
    clocks: Clocks = Clocks()
    faq: tuple[Faq, ...] = ()

    @cached_property
    def item(self) -> Mapping[str, Item]:
        """Items by id."""
        return {item.id: item for item in self.items}

    @cached_property
    def category(self) -> Mapping[str, Category]:
        """Categories by id."""
        return {category.id: category for category in self.categories}

    @cached_property
    def department(self) -> Mapping[str, Department]:
        """Departments by id."""
        return {department.id: department for department in self.departments}

    @cached_property
    def person(self) -> Mapping[str, Staff]:
        """Staff by WeCom userid, lower-cased: the platform gives userids back lower-cased."""
        return {one.id.lower(): one for one in self.staff}

    @cached_property
    def managers(self) -> tuple[Staff, ...]:
        """Who sees to what nobody else does, in the order of the file."""
        return tuple(one for one in self.staff if one.role is Role.MANAGER)

    def in_charge(self, userid: str) -> Staff:
        """Who has what was given to that member: a manager, once they have left the agency."""
        return self.person.get(userid.lower()) or (self.managers or self.staff)[0]

    @cached_property
    def condition(self) -> Mapping[str, Condition]:
        """Conditions by id."""
        return {condition.id: condition for condition in self.conditions}

    def service(self, need: Need) -> Item:
        """The item a need was registered for.

        One that the file has no more goes by its category's name, wants nothing further, and
        takes as long as was promised.
        """
        return self.item.get(need.item) or Item.model_construct(
            id=need.item,
            name=self.area(need).name,
            category=need.category,
            department=need.department,
            turnaround=need.promised_days or None,
            turnaround_text="",
            fee="",
        )

    def area(self, need: Need) -> Category:
        """A need's category; the one of all other things if the file has it no more."""
        return self.category.get(need.category) or self.category[self.item[CATCH_ALL].category]

    def asked_by(self, item: str) -> tuple[Material, ...]:
        """The materials of an item; one that the file has no more asks for nothing."""
        found = self.item.get(item)
        return found.materials if found else ()

    # by identity: a catalogue is read once, and asked for the same things all day
    __hash__ = object.__hash__

    def items_of(self, category: str) -> Iterator[Item]:
        """The items of one category, in the order of the file."""
        return (item for item in self.items if item.category == category)
