"""What a failed send leads to: a pure decision, and an error text that may be kept."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.domain.retry import PAUSES, Again, Done, Failure, GiveUp, Hold, decide, redacted

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("failure", "decision"),
    [
        (Failure.NEVER, GiveUp()),
        (Failure.UNREACHABLE, Hold()),
        (Failure.DONE, Done()),
        (Failure.AGAIN, Again(NOW + timedelta(seconds=1.5))),
        (Failure.WAIT, Again(NOW + timedelta(seconds=45))),
        (Failure.ALARM, Again(NOW + timedelta(seconds=45))),
        (Failure.REAUTH, Again(NOW + timedelta(seconds=3.75))),
    ],
)
def test_the_first_failure_leads_to(failure: Failure, decision: object) -> None:
    assert decide(failure, 1, NOW) == decision


def test_every_failure_has_a_decision() -> None:
    assert all(decide(failure, 1, NOW) for failure in Failure)


@given(st.sampled_from(sorted(PAUSES)), st.integers(1, 1000), st.floats(0, 0.999))
def test_pauses_grow_stay_bounded_and_end(failure: Failure, attempts: int, spread: float) -> None:
    decision = decide(failure, attempts, NOW, spread)
    pauses = PAUSES[failure]
    if attempts >= pauses.attempts:
        assert decision == GiveUp()
        return
    assert isinstance(decision, Again)
    assert pauses.first / 2 <= decision.at - NOW <= pauses.most


@pytest.mark.parametrize("failure", sorted(PAUSES))
def test_three_days_without_the_platform_are_outlasted(failure: Failure) -> None:
    at, attempts = NOW, 0
    while isinstance(decision := decide(failure, attempts + 1, at, 0), Again):
        at, attempts = decision.at, attempts + 1
    assert at - NOW > timedelta(hours=72)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x/y?access_token=abc-DEF_1&z=2", "https://x/y?access_token=…&z=2"),
        ("secret=abc corpsecret=def", "secret=… corpsecret=…"),
        ("touser oABC-1 phone 13804310001", "touser … phone …"),
        ("errcode 45047, ip 1.2.3.4", "errcode 45047, ip 1.2.3.4"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_stored_error_text_names_no_secret_and_no_person(text: str, expected: str) -> None:
    assert redacted(text, "oABC-1", "") == expected
