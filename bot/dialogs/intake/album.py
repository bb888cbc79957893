"""Talk about photos: one more while 哪一项 is asked, what they show, and what they do not."""

from bot.dialogs.engine import Placed
from bot.dialogs.form import Sort
from bot.dialogs.intake import photos
from bot.dialogs.intake.draft import Asking, Draft, open_steps
from bot.dialogs.intake.gathering import apply, reply, which_one
from bot.dialogs.intake.outcome import Heard, Outcome, Setting
from bot.dialogs.intake.sayings import say_line, uploads
from bot.messages import Say
from bot.reading.answers.photos import picks, points_at_photo, says_all, says_wrong
from bot.reading.reading import Reading, Word

Turned = Outcome | None
# A yes that fits no question of ours about a photo.
YES = frozenset({Word.CONFIRM, Word.YES, Word.AGREE, Word.REGISTER_FIRST})


def another(draft: Draft, heard: Heard, _setting: Setting) -> Turned:
    """A photo while it is asked what something is: kept with the others, the question stands."""
    if heard.photo is None or draft.asking is not Asking.WHICH:
        return None
    grown = draft.but(photos=(*draft.photos, heard.photo.media_id))
    return Outcome(grown, (which_one(grown),))


def which(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """The answer to what the photos are: one thing all of them, or each its own."""
    said = heard.said
    if draft.asking is not Asking.WHICH or draft.loose is not None or not draft.photos:
        return None
    picked = () if answers_otherwise(said) else chosen(draft, said, setting)
    if not picked and said.word is Word.YES and len(draft.choices) == 1:
        picked = draft.choices
    if picked:
        return file(closed(draft), draft, picked, setting)
    if said.word is Word.NO:
        gone = closed(draft).but(photos=())
        return reply(
            gone,
            draft,
            Placed(),
            setting,
            (Say("intake/not_that_photo", {"count": len(draft.photos)}),),
        )
    return Outcome(draft, (which_one(draft),)) if said.word in YES else None


def chosen(draft: Draft, said: Reading, setting: Setting) -> tuple[str, ...]:
    """What was picked: of the lines offered, or else of all that a photo may be."""
    found = picks(said.text, draft.choices, len(draft.photos))
    if found or not (points_at_photo(said.text) or says_wrong(said.text)):
        return tuple(draft.choices[one] for one in found)
    names = uploads(draft, setting.catalog)
    return tuple(names[one] for one in picks(said.text, names, len(draft.photos)))


def answers_otherwise(said: Reading) -> bool:
    """Whether the message holds answers of its own, in which a material's name may occur."""
    return bool(said.labelled or said.materials or said.later)


def closed(draft: Draft) -> Draft:
    """The draft without the question."""
    return draft.but(asking=Asking.NOTHING, choices=())


def named(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """这是营业执照, said of photos that nobody named yet, or that were filed as something else."""
    said = heard.said
    waiting, filed = draft.photos, draft.filed
    if draft.changing or not (waiting or filed) or answers_otherwise(said):
        return None
    names = uploads(draft, setting.catalog)
    pointed, wrong = points_at_photo(said.text), says_wrong(said.text)
    bare = bool(waiting) and said.text in names and not said.needs
    found = picks(said.text, names, len(waiting) or 1) if pointed or wrong or bare else ()
    if not found:
        return None
    if waiting:
        return file(draft, draft, tuple(names[one] for one in found), setting)
    return moved(draft, names[found[0]], setting, everything=says_all(said.text))


def called(draft: Draft, heard: Heard, setting: Setting) -> Turned:
    """The bare name of something to be photographed, and no photo: how to send it."""
    said = heard.said
    if heard.photo is not None or not 2 <= len(said.text) <= LONGEST_NAME or said.needs:
        return None
    steps = open_steps(draft, setting.catalog)
    names = tuple(step.key for step in steps if step.sort is Sort.UPLOAD)
    fitting = [one for one in names if said.text in one or one in said.text]
    # 进口货 states a fact, though a name holds it
    if len(fitting) != 1 or answers_otherwise(said) or said.facts:
        return None
    return Outcome(draft, (say_line(fitting[0], Sort.UPLOAD, setting.catalog),))


# a name with a word or two around it
LONGEST_NAME = 20


def by_number(draft: Draft, key: str, setting: Setting) -> Turned:
    """The number of a line that wants a photo, while photos wait for a name: that is theirs."""
    if not draft.photos or key not in uploads(draft, setting.catalog):
        return None
    return file(draft, draft, (key,), setting)


def file(draft: Draft, old: Draft, names: tuple[str, ...], setting: Setting) -> Outcome:
    """The photos under their names: all under one, or each under its own in their order."""
    if len(names) == 1:
        names *= len(draft.photos)
    placed = Placed(
        {
            name: photos.of(
                key for key, own in zip(draft.photos, names, strict=True) if own == name
            )
            for name in dict.fromkeys(names)
        }
    )
    return reply(apply(draft.but(photos=()), placed), old, placed, setting)


def moved(draft: Draft, name: str, setting: Setting, *, everything: bool) -> Turned:
    """The last photo, or all of the last ones, under another name."""
    if name == draft.filing:
        return None
    keys = draft.filed if everything else draft.filed[-1:]
    placed = Placed({name: photos.of(keys)})
    lifted = photos.lifted(draft, draft.filing, keys).but(filing="", filed=())
    return reply(apply(lifted, placed), draft, placed, setting)
