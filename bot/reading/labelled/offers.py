"""Fills the fields with what counts most of all that stands under labels."""

from collections import defaultdict
from dataclasses import dataclass, replace

from bot.reading.fields.corrections import NOT_BUT
from bot.reading.fields.labels import Label
from bot.reading.fields.names import is_full_name
from bot.reading.fields.slots import EITHER, REMARK, SELF, Slot
from bot.reading.findings import Findings
from bot.reading.labelled.meanings import MATERIAL

# so many labels make a block
_FEWEST = 3


@dataclass(frozen=True)
class Accepted:
    """A label with its slots, how much it counts, and the end of its region.

    Of several the one with the least rank comes first.
    """

    label: Label
    slots: list[Slot]
    rank: int
    end: int = 0


@dataclass(frozen=True)
class _Offer:
    """One slot for a field; the least one is taken."""

    rank: int
    order: int
    slot: Slot

    @property
    def weight(self) -> tuple[int, bool, int]:
        """The first mobile comes before other numbers."""
        return self.rank, not self.slot.mobile, self.order


def fill_all(findings: Findings, accepted: list[Accepted]) -> None:
    """Take everything that stands under labels, and fill each field once."""
    plain = findings.text.plain
    block = sum(one.label.sure for one in accepted) >= _FEWEST
    offers: dict[str, list[_Offer]] = defaultdict(list)
    corrected = set()
    for order, one in enumerate(accepted):
        findings.take(one.label.start, one.label.end)
        for slot in one.slots:
            if slot.name == REMARK:
                _put_aside(findings, slot, block=block)
                continue
            findings.take(slot.start, slot.end)
            # 联系人：王经理 says less of the position than 职务：采购经理
            beside = slot.name == "position" and "position" not in one.label.fields
            rank = one.rank + (beside or slot.late)
            offers[slot.name].append(_Offer(rank, order, slot))
            if one.label.corrects or _reverses(plain, one.label, slot):
                corrected.add(slot.name)
    _settle_either(offers)
    for name, said in offers.items():
        _fill(findings, name, said)
    if offers[SELF] and "contact" not in findings.fields:
        applicant = findings.fields.get("applicant", "")
        if is_full_name(applicant):
            findings.put("contact", applicant, labelled=True)
    findings.corrected |= corrected & set(findings.fields)


def _put_aside(findings: Findings, slot: Slot, *, block: bool) -> None:
    """What a remark says in a block is no need; it may still say how and by when."""
    if block:
        findings.take(slot.start, slot.end)
        findings.remarks.append(findings.text.quote(slot.start, slot.end))


def _settle_either(offers: dict[str, list[_Offer]]) -> None:
    """A person who applies is the contact of a unit that is named, else the applicant."""
    people = offers.pop(EITHER, [])
    name = "contact" if offers["applicant"] else "applicant"
    offers[name] += [_Offer(1, one.order, replace(one.slot, name=name)) for one in people]


def _fill(findings: Findings, name: str, said: list[_Offer]) -> None:
    if not name or name == SELF:
        return
    if name.startswith(MATERIAL):
        for one in said:
            material = name.removeprefix(MATERIAL)
            findings.materials[material] = findings.text.quote(one.slot.start, one.slot.end)
            findings.labelled.add(material)
        return
    for one in said:
        if one.slot.refusal is not None:
            findings.refuse(name, one.slot.refusal)
    values = [one for one in said if one.slot.refusal is None]
    if values:
        best = min(values, key=lambda one: one.weight)
        findings.put(name, _value(findings, best.slot), labelled=True)


def _value(findings: Findings, slot: Slot) -> str:
    """The normal form of a value, else the client's own words in one line."""
    said = slot.person.quoted(findings.text) if slot.person else slot.value
    value = said or findings.text.quote(slot.start, slot.end)
    if slot.name in ("address", "applicant"):
        value = value.replace("\n", " " if value.isascii() else "")
    return value


def _reverses(plain: str, label: Label, slot: Slot) -> bool:
    """Whether the value follows one that was taken back (`电话不是…，是…`)."""
    reversal = NOT_BUT.match(plain, label.end)
    return reversal is not None and slot.start >= reversal.start("new")
