"""The photos of a draft: several of one thing, some that nobody has named yet, some useless."""

from collections.abc import Iterable

from bot.dialogs.form import Given
from bot.dialogs.intake.draft import Asking, Draft
from bot.domain.cases import How


def keys_of(given: Given | None) -> tuple[str, ...]:
    """The names of the files of a material."""
    uploaded = given is not None and given.how is How.UPLOADED
    return tuple(given.value.split()) if given is not None and uploaded else ()


def joined(old: Given | None, new: Given) -> Given:
    """The material as given now; a further photo joins those that are there."""
    if not (keys_of(old) and keys_of(new)):
        return new
    return of(dict.fromkeys((*keys_of(old), *keys_of(new))))


def of(keys: Iterable[str]) -> Given:
    """A material that consists of these files."""
    return Given(How.UPLOADED, " ".join(keys))


def without(draft: Draft, key: str) -> tuple[Draft, str] | None:
    """The draft as if this file had never come, and the material it was; None: it never knew it.

    The material is "" while nobody has said what the photo shows.
    """
    if key in draft.photos:
        left = tuple(one for one in draft.photos if one != key)
        asks = draft.asking is Asking.WHICH and draft.loose is None and not left
        closed = {"asking": Asking.NOTHING, "choices": ()} if asks else {}
        return draft.but(photos=left, **closed), ""
    name = next((name for name, one in draft.materials.items() if key in keys_of(one)), None)
    if name is None:
        return None
    filed = tuple(one for one in draft.filed if one != key)
    return lifted(draft, name, (key,)).but(filed=filed), name


def lifted(draft: Draft, name: str, keys: tuple[str, ...]) -> Draft:
    """The draft without these files of a material; it is open again once none is left."""
    left = [one for one in keys_of(draft.materials.get(name)) if one not in keys]
    materials = {key: one for key, one in draft.materials.items() if key != name}
    if left:
        materials[name] = of(left)
    return draft.but(materials=materials)
