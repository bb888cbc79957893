"""Invented clients: who they are, and the block of details they would paste."""

from dataclasses import dataclass
from random import Random

from bot.domain.cases import ClientType, Field
from bot.render import Renderer
from bot.seeding.words import listed, pick, trades

KINDS = (
    *[ClientType.ENTERPRISE] * 6,
    *[ClientType.INDIVIDUAL] * 3,
    *[ClientType.SOLE_TRADER] * 2,
    ClientType.INSTITUTION,
    ClientType.GOVERNMENT,
)


@dataclass(frozen=True)
class Client:
    """One invented client; `openid` is theirs on the official account."""

    openid: str
    kind: ClientType
    fields: dict[Field, str]

    def block(self, renderer: Renderer) -> str:
        """Everything Table B.1 asks of them, as people paste it."""
        lines = [f"{renderer.label(key)}：{text}" for key, text in self.fields.items()]
        return "\n".join((*lines, f"{renderer.label('client_type')}：{renderer.label(self.kind)}"))


def invent(dice: Random, number: int, kind: ClientType | None = None) -> Client:
    """A client whose phone lies in a range that no test or person uses for real."""
    kind = kind or dice.choice(KINDS)
    person = pick(dice, "surnames") + pick(dice, "given")
    town = pick(dice, "towns")
    fields = {
        Field.APPLICANT: person,
        Field.ADDRESS: f"{town}{pick(dice, 'streets')}{dice.randint(1, 998)}号",
        Field.CONTACT: person,
        Field.PHONE: f"13900{number:06d}",
    }
    if kind is not ClientType.INDIVIDUAL:
        fields[Field.POSITION] = pick(dice, "positions")
    fields |= named(dice, kind, town)
    return Client(f"oseed{number:06d}", kind, fields)


def named(dice: Random, kind: ClientType, town: str) -> dict[Field, str]:
    """What an organisation of that kind is called, and what it does."""
    mark = pick(dice, "marks")
    if kind is ClientType.ENTERPRISE:
        trade, business = dice.choice(trades())
        return {
            Field.APPLICANT: f"{town[:3]}{mark}{trade}{pick(dice, 'suffix')}",
            Field.BUSINESS: business,
        }
    if kind is ClientType.SOLE_TRADER:
        shop = pick(dice, "shops")
        return {Field.APPLICANT: f"{town}{mark}{shop}", Field.BUSINESS: shop}
    if kind is ClientType.INSTITUTION:
        school = pick(dice, "schools")
        return {Field.APPLICANT: f"{town[:3]}{school}", Field.BUSINESS: school}
    if kind is ClientType.GOVERNMENT:
        return {Field.APPLICANT: town + dice.choice(listed("bureaus"))}
    return {}
