"""Notice and 同意 before the first personal field (PIPL 13-17; domain.md 8)."""

from dataclasses import replace

from bot.dialogs.engine import Placed
from bot.dialogs.form import CLIENT_TYPE, Answer
from bot.dialogs.intake import needs, wishes
from bot.dialogs.intake.draft import Asking, Draft, Row
from bot.dialogs.intake.gathering import apply, ask_about, ask_consent, opened, placing, reply
from bot.dialogs.intake.outcome import Deed, Heard, Outcome, Setting
from bot.domain.cases import Field
from bot.messages import Say
from bot.reading.answers.choices import ACKNOWLEDGEMENTS
from bot.reading.reading import Reading, Word

PERSONAL = frozenset({*Field, "uscc"})


def decide(draft: Draft, heard: Heard, setting: Setting) -> Outcome | None:
    """Agreed, declined, or not yet: then nothing personal is kept but sealed."""
    if setting.consented:
        return None
    asked, word, agency = draft.asking is Asking.CONSENT, heard.said.word, setting.catalog.agency
    if asked and consents(heard.said):
        return agreed(draft, heard, setting)
    if word is Word.DISAGREE:
        return Outcome(Draft(), (Say("intake/declined", {"agency": agency}),), Deed.REFUSE)
    if asked and word is Word.NO:
        return Outcome(draft, (Say("intake/no_to_what", {"agency": agency}),))
    if heard.photo is not None and (asked or not draft.rows):
        key = "intake/photo_before_consent" if asked else "intake/photo_before_need"
        return Outcome(draft, (Say(key, {"agency": agency}),))
    resumed = taken_up(draft, word, setting)
    return (
        resumed or other_need(draft, heard, setting) or before_consent(draft, heard.said, setting)
    )


def consents(said: Reading) -> bool:
    """同意, or a plain yes to the notice; that it was read (收到, 知道了) is no consent."""
    read_only = any(word in said.text for word in ACKNOWLEDGEMENTS)
    return said.word is Word.AGREE or (said.word is Word.YES and not read_only)


def taken_up(draft: Draft, word: Word | None, setting: Setting) -> Outcome | None:
    """A draft that was put aside before 同意, from where it stood."""
    if word is not Word.CONTINUE or not draft.rows:
        return None
    return opened(draft.but(cancelled=False, asking=Asking.NOTHING), draft, setting)


def other_need(draft: Draft, heard: Heard, setting: Setting) -> Outcome | None:
    """The need proposed with the notice was not what was meant, or not all of it."""
    said, catalog = heard.said, setting.catalog
    if draft.asking is Asking.ADD_OR_REPLACE:
        decided = needs.add_or_replace(draft, heard)
        return None if decided is None else opened(decided, draft, setting)
    if draft.asking is not Asking.CONSENT or PERSONAL & said.fields.keys():
        return None
    draft = draft.but(asking=Asking.NOTHING)
    further = needs.another(draft, said, catalog)
    if further is not None:
        return ask_about(further, draft, setting)
    if needs.takes_back(said) and said.needs:
        return opened(needs.begin(draft, said, catalog), draft, setting)
    return None


def before_consent(draft: Draft, said: Reading, setting: Setting) -> Outcome | None:
    """Takes the need, which is no personal data, and asks for 同意 to everything else."""
    outcome = need_alone(draft, said, setting)
    if outcome is not None and worth_keeping(said):
        return replace(outcome, deed=Deed.SEAL)
    return outcome


def worth_keeping(said: Reading) -> bool:
    """Whether the message answers anything else already, which must not be asked again."""
    named = said.materials or said.materials_later or said.facts
    return bool(named or (PERSONAL | {CLIENT_TYPE}) & said.fields.keys())


def need_alone(draft: Draft, said: Reading, setting: Setting) -> Outcome | None:
    """The need, and the question that follows from it."""
    personal, asked = bool(PERSONAL & said.fields.keys()), draft.asking is Asking.ITEM
    if asked and not personal:
        return None
    if not draft.rows and said.needs:
        draft = needs.begin(draft, without_words(said) if personal else said, setting.catalog)
        draft = wishes.with_those_of(draft, said, setting)
    if draft.asking is Asking.ITEM:
        return Outcome(draft, (needs.say_choice(draft, setting.catalog, again=asked),))
    if not draft.rows and not personal:
        return Outcome(draft, (Say("intake/ask_need"),))
    return ask_consent(draft, setting, sealed=personal)


def without_words(said: Reading) -> Reading:
    """The needs without the client's own words, which may hold personal data here."""
    return replace(said, needs=tuple(replace(guess, text="") for guess in said.needs))


def agreed(draft: Draft, heard: Heard, setting: Setting) -> Outcome:
    """Reads what was sealed and what came with 同意; nothing of it is asked again."""
    with_consent = replace(setting, consented=True)
    messages = [setting.read(setting.first_words)] if setting.first_words else []
    if says_more(heard.said):
        messages.append(replace(heard.said, word=None))
    draft, old = draft.but(asking=Asking.NOTHING), draft
    answers: dict[str, Answer] = {}
    refused: dict[str, str] = {}
    for said in messages:
        draft = with_rows(draft, said, setting)
        placed = placing(draft, Heard(said), with_consent)
        draft = apply(draft, placed)
        answers.update(placed.answers)
        refused.update(placed.refused)
    kept = {key: why for key, why in refused.items() if key not in answers}
    thanks = (Say("intake/agreed"),)
    outcome = reply(draft, old, Placed(answers, kept), with_consent, thanks)
    return replace(outcome, deed=Deed.CONSENT)


def says_more(said: Reading) -> bool:
    """Whether anything stands beside the 同意, which itself is no answer to what is asked."""
    return bool(worth_keeping(said) or said.numbered or said.refused or said.needs or said.rest)


def with_rows(draft: Draft, said: Reading, setting: Setting) -> Draft:
    """The draft with its needs, or with their words where those had to wait for 同意."""
    if not said.needs:
        return draft
    if not draft.rows:
        return needs.begin(draft, said, setting.catalog)
    return draft.but(rows=tuple(worded(row, said) for row in draft.rows))


def worded(row: Row, said: Reading) -> Row:
    """The row with the client's own words, if it still lacks them."""
    if row.text:
        return row
    own = next((one for one in said.needs if one.item == row.item), said.needs[0])
    return row.model_copy(update={"text": own.text})
