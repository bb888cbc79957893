"""Which of the wanted things a photo or a text is: questions that stand while others are asked."""

from bot.dialogs.form import Given
from bot.dialogs.intake import photos
from bot.dialogs.intake.draft import Draft
from bot.domain.cases import How
from bot.handlers.registering.which import (
    Question,
    asking,
    joined,
    left_over,
    questions,
    without_photo,
)

PHOTO = Question(photos.of(["one"]), ("原食品生产许可证复印件", "生产条件未变化声明"))
WORDS = Question(Given(How.TYPED, "家里的压水井"), ("采样地点和用途", "采样方式和日期"))
PAUSED = {"form": "intake", "cancelled": True, "fields": {"phone": "13900001111"}}


def test_words_that_come_while_photos_are_asked_about_are_asked_about_next() -> None:
    assert joined((PHOTO,), WORDS) == (PHOTO, WORDS)
    assert left_over((PHOTO, WORDS)[1:], {"原食品生产许可证复印件"}) == (WORDS,)


def test_photos_that_come_while_words_are_asked_about_come_first_and_together() -> None:
    second = Question(photos.of(["two"]), PHOTO.choices)
    both, words = joined(joined((WORDS,), PHOTO), second)
    assert (both.keys, words) == (("one", "two"), WORDS)


def test_a_paused_draft_and_the_question_beside_it_keep_each_other() -> None:
    progress = asking(PAUSED, (PHOTO, WORDS))
    assert questions(progress) == (PHOTO, WORDS)
    kept = Draft.model_validate(progress).model_dump(mode="json", exclude_defaults=True)
    assert questions(kept) == (PHOTO, WORDS)
    assert asking(progress, ()) == PAUSED


def test_a_registration_under_way_is_asked_for_its_own_things() -> None:
    assert questions(asking({"form": "intake"}, (PHOTO,))) == ()


def test_nothing_is_left_of_the_form_once_its_last_question_is_answered() -> None:
    assert asking(asking({}, (PHOTO,)), ()) == {}


def test_of_a_photo_that_is_useless_nothing_is_asked_any_more() -> None:
    two = joined((PHOTO,), Question(photos.of(["two"]), PHOTO.choices))
    left = without_photo(asking(PAUSED, two), "two")
    assert left is not None
    assert questions(left) == (PHOTO,)
    assert without_photo(left, "one") == PAUSED
    assert without_photo(left, "elsewhere") is None
