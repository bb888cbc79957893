"""What has been found so far in one message, and which of its characters are still free."""

import re
from dataclasses import dataclass, field, replace

from bot.reading.normalise import Text
from bot.reading.reading import Refusal

# what never begins or ends a value
_TRIMMED = " \t\n,;:\u3001\u3002\uff0c\uff1b\uff1a|/"

# pictures before the next label, or around a value
_SIGNS = re.compile(
    "^[\u2600-\u27bf\U0001f300-\U0001faff ]+|[\u2600-\u27bf\U0001f300-\U0001faff ]+$"
)


@dataclass
class Findings:
    """Filled by one pass after another; a span that filled a slot is gone for the next pass."""

    text: Text
    fields: dict[str, str] = field(default_factory=dict)
    labelled: set[str] = field(default_factory=set)
    materials: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    taken: list[tuple[int, int]] = field(default_factory=list)
    # what a block says beside its values and asks for nothing: how it is to be done, and by when
    remarks: list[str] = field(default_factory=list)
    # the words of a block that say what is asked for, without those around them
    asked: tuple[int, int] | None = None
    # whether it tells who somebody is, and no word of it asks for anything
    asks_nothing: bool = False
    # what `free` last said, until more is taken
    _free: str | None = None

    def copy(self) -> "Findings":
        """As far as it is now, to go on in another way."""
        return replace(
            self,
            fields=dict(self.fields),
            labelled=set(self.labelled),
            materials=dict(self.materials),
            refused=dict(self.refused),
            corrected=set(self.corrected),
            taken=list(self.taken),
            remarks=list(self.remarks),
        )

    def put(self, name: str, value: str, *, labelled: bool = False) -> bool:
        """Fill a slot, unless what fills it already weighs as much."""
        value = _SIGNS.sub("", value).strip(_TRIMMED)
        if not value or (name in self.fields and not (labelled and name not in self.labelled)):
            return False
        self.fields[name] = value
        if labelled:
            self.labelled.add(name)
        self.refused.pop(name, None)
        return True

    def put_span(self, name: str, start: int, end: int, *, labelled: bool = False) -> bool:
        """Fill a slot with the client's own characters, and take them."""
        self.take(start, end)
        return self.put(name, self.text.quote(start, end), labelled=labelled)

    def refuse(self, name: str, refusal: Refusal) -> None:
        """Remember why a value was not taken, if the slot is still empty."""
        if name not in self.fields:
            self.refused.setdefault(name, refusal)

    def take(self, start: int, end: int) -> None:
        """Mark a span as understood."""
        if start < end:
            self.taken.append((start, end))
            self._free = None

    def free(self) -> str:
        """The plain text with everything understood blanked out as line ends, as long as before."""
        if self._free is None:
            self._free = self._blanked() if self.taken else self.text.plain
        return self._free

    def _blanked(self) -> str:
        parts: list[str] = []
        position = 0
        for start, end in sorted(self.taken):
            if end <= position:
                continue
            start = max(start, position)
            parts.append(self.text.plain[position:start])
            parts.append("\n" * (end - start))
            position = end
        parts.append(self.text.plain[position:])
        return "".join(parts)
