"""Which of the numbered lines we offered a short answer picks."""

from bot.reading.normalise import normalise
from bot.reading.vocabulary import words

FILE = "choices"
ADD_OR_REPLACE = words(FILE, "add_or_replace")
ACKNOWLEDGEMENTS = words(FILE, "acknowledgements")
NUMERALS = {numeral: number for number, numeral in enumerate(words(FILE, "numerals"), start=1)}


def read_choice(text: str, labels: tuple[str, ...]) -> int | None:
    """The picked line's index from 0, by its number ("2", "第二个") or by its words; else None."""
    bare = normalise(text).strip().strip("".join(words(FILE, "strip"))).strip()
    number = as_number(bare)
    if number is not None:
        return number - 1 if 1 <= number <= len(labels) else None
    if len(bare) < 2:
        return None
    plain = tuple(map(normalise, labels))
    hits = [index for index, label in enumerate(plain) if bare in label or label in bare]
    exact = [index for index in hits if plain[index] == bare]
    if len(exact or hits) == 1:
        return (exact or hits)[0]
    return None


def as_number(bare: str) -> int | None:
    """The number a bare answer states, if it states nothing else."""
    bare = normalise(bare)
    for word in words(FILE, "before"):
        bare = bare.removeprefix(word)
    for word in (*words(FILE, "after"), *words(FILE, "after")):
        bare = bare.removesuffix(word)
    if bare.isascii() and bare.isdigit():
        return int(bare) if len(bare) <= 2 else None
    return NUMERALS.get(bare)
