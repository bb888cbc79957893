"""The way a push takes, and texts cut to a number of bytes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.messages import Channel, Credits, Push, PushKind
from bot.wechat import limits
from bot.wechat.limits import AccountType, Grant, Means, Reason, Route, Way, route
from tests.fixed_clock import MONDAY_MORNING as NOW

OK = AccountType.CERTIFIED


def push(channel: Channel = Channel.OFFICIAL, urgent: bool = False) -> Push:
    return Push("k", channel, "o1", PushKind.TEXT, {"text": "x"}, NOW, "status", urgent=urgent)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def take(
    allowance: Credits,
    account: AccountType = OK,
    template: bool = False,
    urgent: bool = False,
    now: datetime = NOW,
) -> Route:
    return route(push(urgent=urgent), allowance, account, now, Means(has_template=template))


WROTE = Route(Way.CUSTOMER_SERVICE, Reason.WROTE, Grant.WROTE)
TAPPED = Route(Way.CUSTOMER_SERVICE, Reason.TAPPED, Grant.TAPPED)
CLOSED = Route(Way.HOLD, Reason.WINDOW_CLOSED)
SPENT = Route(Way.HOLD, Reason.CREDITS_SPENT)


@pytest.mark.parametrize(
    ("allowance", "wanted"),
    [
        (Credits(), CLOSED),
        (Credits(wrote_at=ago(hours=1)), WROTE),
        (Credits(wrote_at=ago(hours=1), wrote_sent=4), WROTE),
        (Credits(wrote_at=ago(hours=1), wrote_sent=5), SPENT),
        (Credits(wrote_at=ago(hours=47, minutes=59)), WROTE),
        (Credits(wrote_at=ago(hours=48)), CLOSED),
        (Credits(tapped_at=ago(seconds=59), tapped_sent=2), TAPPED),
        (Credits(tapped_at=ago(seconds=59), tapped_sent=3), SPENT),
        (Credits(tapped_at=ago(seconds=60)), CLOSED),
        # the grant that ends first is spent first
        (Credits(ago(hours=1), 0, ago(seconds=5), 0), TAPPED),
        (Credits(ago(hours=1), 0, ago(seconds=5), 3), WROTE),
        (Credits(ago(hours=1), 5, ago(seconds=5), 0), TAPPED),
        (Credits(ago(hours=1), 5, ago(seconds=5), 3), SPENT),
        (Credits(ago(hours=47, minutes=59, seconds=30), 0, ago(seconds=1), 0), WROTE),
        (Credits(ago(hours=49), 5, ago(seconds=5), 0), TAPPED),
        (Credits(ago(hours=49), 0, ago(minutes=2), 0), CLOSED),
        # the message that opens the window may be stamped a moment ahead of our clock
        (Credits(wrote_at=ago(seconds=-3)), WROTE),
    ],
)
def test_credits_decide_the_way(allowance: Credits, wanted: Route) -> None:
    assert take(allowance) == wanted


@pytest.mark.parametrize(
    ("allowance", "reason"),
    [
        (Credits(), Reason.WINDOW_CLOSED),
        (Credits(wrote_at=ago(hours=1), wrote_sent=5), Reason.CREDITS_SPENT),
    ],
)
def test_without_credit_a_template_goes_if_there_is_one(allowance: Credits, reason: Reason) -> None:
    assert take(allowance, template=True) == Route(Way.TEMPLATE, reason)
    assert take(allowance) == Route(Way.HOLD, reason)
    assert take(allowance, urgent=True) == Route(Way.PHONE_TASK, reason)
    assert take(allowance, template=True, urgent=True) == Route(Way.TEMPLATE, reason)


@pytest.mark.parametrize("template", [False, True])
@pytest.mark.parametrize("account", AccountType)
def test_who_left_is_not_written_to(account: AccountType, template: bool) -> None:
    left = Credits(wrote_at=ago(hours=1), following=False)
    assert take(left, account, template) == Route(Way.HOLD, Reason.NOT_FOLLOWING)
    urgent = take(left, account, template, urgent=True)
    assert urgent == Route(Way.PHONE_TASK, Reason.NOT_FOLLOWING)


def test_an_account_uses_only_what_it_is_granted() -> None:
    wrote = Credits(wrote_at=ago(hours=1))
    assert take(wrote, AccountType.TEST) == WROTE
    assert take(Credits(), AccountType.TEST, template=True) == CLOSED
    denied = Route(Way.HOLD, Reason.ACCOUNT_TYPE)
    assert take(wrote, AccountType.SUBSCRIPTION, template=True) == denied
    # it would be the same if they had just written
    assert take(Credits(), AccountType.SUBSCRIPTION, template=True) == denied


ALL = Means(has_template=True, consented=True)


@pytest.mark.parametrize(
    ("allowance", "off", "way"),
    [
        (Credits(wrote_at=ago(hours=1)), (), Way.CUSTOMER_SERVICE),
        (Credits(), (), Way.SUBSCRIPTION),
        (Credits(), (Way.SUBSCRIPTION,), Way.TEMPLATE),
        (Credits(wrote_at=ago(hours=1)), (Way.CUSTOMER_SERVICE,), Way.SUBSCRIPTION),
        (Credits(wrote_at=ago(hours=1)), tuple(Way), Way.HOLD),
    ],
)
def test_a_notice_stands_between_a_message_and_a_template(
    allowance: Credits, off: tuple[Way, ...], way: Way
) -> None:
    found = route(push(), allowance, OK, NOW, replace(ALL, off=off))
    assert found.way is way
    assert (found.reason is Reason.SWITCHED_OFF) == (Way.CUSTOMER_SERVICE in off)


def test_where_every_call_is_closed_the_reason_says_so() -> None:
    closed = replace(ALL, off=(Way.SUBSCRIPTION, Way.TEMPLATE))
    assert route(push(), Credits(), OK, NOW, closed) == Route(Way.HOLD, Reason.SWITCHED_OFF)
    closed = replace(ALL, off=(Way.CUSTOMER_SERVICE,))
    one = push(Channel.KF)
    assert route(one, Credits(wrote_at=NOW), OK, NOW, closed).reason is Reason.SWITCHED_OFF


@pytest.mark.parametrize("channel", [Channel.OFFICIAL, Channel.KF])
def test_whom_nothing_reaches_is_not_written_to_by_any_way(channel: Channel) -> None:
    gone = Credits(wrote_at=NOW, following=False)
    assert route(push(channel), gone, OK, NOW, ALL) == Route(Way.HOLD, Reason.NOT_FOLLOWING)


def test_staff_are_reached_through_their_own_app() -> None:
    found = route(push(Channel.WECOM), Credits(), OK, NOW)
    assert found == Route(Way.WECOM, Reason.STAFF_APP)


def test_a_channel_without_a_gateway_waits() -> None:
    found = route(push(Channel.DESK), Credits(), OK, NOW, Means(has_template=True))
    assert found == Route(Way.HOLD, Reason.NO_GATEWAY)


def kf(allowance: Credits, *, urgent: bool = False, **body: object) -> Route:
    one = Push("k", Channel.KF, "wk/wm", PushKind.TEXT, {"text": "x", **body}, NOW, "status")
    means = Means(has_template=True, consented=True)
    return route(replace(one, urgent=urgent), allowance, OK, NOW, means)


@pytest.mark.parametrize(
    ("allowance", "wanted"),
    [
        (Credits(), CLOSED),
        (Credits(wrote_at=ago(hours=1), wrote_sent=4), WROTE),
        (Credits(wrote_at=ago(hours=1), wrote_sent=5), SPENT),
        (Credits(wrote_at=ago(hours=48)), CLOSED),
        # a tap is a message there, and nothing beside it
        (Credits(tapped_at=ago(seconds=5)), CLOSED),
        (Credits(wrote_at=ago(hours=1), staffed=True), Route(Way.HOLD, Reason.STAFFED)),
    ],
)
def test_kf_grants_five_in_48_hours_and_no_template(allowance: Credits, wanted: Route) -> None:
    assert kf(allowance) == wanted
    if wanted != WROTE:
        assert kf(allowance, urgent=True) == Route(Way.PHONE_TASK, wanted.reason)


def test_a_code_of_an_event_needs_no_allowance() -> None:
    found = Route(Way.CUSTOMER_SERVICE, Reason.EVENT_CODE)
    assert kf(Credits(), code="c") == found
    assert kf(Credits(staffed=True), code="c") == found


def test_a_session_is_moved_whatever_may_be_said() -> None:
    move = Push("k", Channel.KF, "wk/wm", PushKind.SESSION, {"state": 3}, NOW, "talk")
    found = route(move, Credits(staffed=True), OK, NOW)
    assert found == Route(Way.CUSTOMER_SERVICE, Reason.SESSION)


moments = st.none() | st.datetimes(
    min_value=NOW.replace(tzinfo=None) - timedelta(hours=60),
    max_value=NOW.replace(tzinfo=None),
    timezones=st.just(SHANGHAI),
)


@given(
    allowance=st.builds(
        Credits, moments, st.integers(0, 7), moments, st.integers(0, 5), st.booleans()
    ),
    account=st.sampled_from(AccountType),
    template=st.booleans(),
    urgent=st.booleans(),
)
def test_no_more_is_ever_sent_than_the_platform_allows(
    allowance: Credits, account: AccountType, template: bool, urgent: bool
) -> None:
    found = take(allowance, account, template, urgent)
    if found.way is Way.CUSTOMER_SERVICE:
        assert allowance.following
        at, sent = {
            Grant.WROTE: (allowance.wrote_at, allowance.wrote_sent),
            Grant.TAPPED: (allowance.tapped_at, allowance.tapped_sent),
        }[found.grant or Grant.WROTE]
        window = limits.WINDOWS[found.grant or Grant.WROTE]
        assert at
        assert sent < window.count
        assert at + window.lasts > NOW
    else:
        assert found.grant is None
    if found.way is Way.TEMPLATE:
        assert template
        assert account is OK
        assert allowance.following
    if urgent:
        assert found.way is not Way.HOLD


texts = st.text(alphabet=st.sampled_from("aé我𠮷🙂\n"), max_size=120) | st.text(
    alphabet=st.characters(codec="utf-8"), max_size=80
)


@given(text=texts, size=st.integers(4, 60))
def test_pieces_fit_and_lose_nothing(text: str, size: int) -> None:
    pieces = limits.split_text(text, size)
    assert "".join(pieces) == text
    assert all(0 < len(piece.encode()) <= size for piece in pieces)


@given(text=texts, size=st.integers(4, 60))
def test_a_cut_falls_on_a_line_border_wherever_one_is_near_enough(text: str, size: int) -> None:
    pieces = limits.split_text(text, size)
    for piece in pieces[:-1]:
        assert piece.endswith("\n") or "\n" not in piece[len(piece) // 2 :]


@given(text=texts, size=st.integers(0, 60))
def test_a_prefix_is_the_longest_that_fits(text: str, size: int) -> None:
    prefix = limits.utf8_prefix(text, size)
    assert text.startswith(prefix)
    assert len(prefix.encode()) <= size
    longer = text[: len(prefix) + 1]
    assert longer == prefix or len(longer.encode()) > size


def test_lines_stay_whole() -> None:
    assert limits.split_text("一二\n三四\n五", 14) == ["一二\n三四\n", "五"]
    assert limits.split_text("", 14) == []
    with pytest.raises(ValueError, match="3 bytes"):
        limits.split_text("x", 3)
