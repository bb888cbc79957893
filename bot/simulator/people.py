"""Who uses the pretended platform: followers of the account and members of the corporation."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.simulator.ledger import Allowance
from bot.simulator.phones import Phone
from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import WECOM_PER_MEMBER_HOUR, WECOM_PER_MEMBER_MINUTE


@dataclass
class Follower:
    """One WeChat user as this account knows them."""

    openid: str
    name: str
    phone: Phone
    allowance: Allowance = field(default_factory=Allowance)
    touched_at: datetime | None = None
    typing_until: datetime | None = None
    # pushes for which the bot's answer is still awaited
    waiting: int = 0
    # of an account that belongs to an open platform
    unionid: str = ""


@dataclass
class Member:
    """One member of the corporation, with the times of what the app sent them."""

    userid: str
    name: str
    phone: Phone
    waiting: int = 0
    _sent: deque[datetime] = field(default_factory=lambda: deque(maxlen=WECOM_PER_MEMBER_HOUR))

    def room(self, now: datetime) -> bool:
        """Whether one more message still gets through; counts it. The rest vanishes unsaid."""
        last_minute = sum(now - sent < timedelta(minutes=1) for sent in self._sent)
        full_hour = len(self._sent) == WECOM_PER_MEMBER_HOUR and now - self._sent[0] < timedelta(
            hours=1
        )
        if last_minute >= WECOM_PER_MEMBER_MINUTE or full_hour:
            return False
        self._sent.append(now)
        return True


class People:
    """Everybody, by id. Guarded by the platform's lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.followers: dict[str, Follower] = {}
        # by lower-cased userid, since that is how the platform compares and answers them
        self.members: dict[str, Member] = {}

    def client(self, openid: str, name: str = "") -> Follower:
        """The follower with this openid, met now if never before."""
        if openid not in self.followers:
            phone = Phone(self._clock)
            self.followers[openid] = Follower(openid, name or openid, phone)
        return self.followers[openid]

    def addressee(self, openid: object) -> Follower:
        """The follower an API call names; 40003 when the account never met them."""
        found = self.followers.get(openid) if isinstance(openid, str) else None
        if found is None:
            raise ApiRefusal(40003)
        return found

    def hire(self, userid: str, name: str) -> Member:
        """A new member in the visible range of the app."""
        member = Member(userid, name, Phone(self._clock))
        self.members[userid.lower()] = member
        return member

    def staff(self, userid: str) -> Member:
        """The member with this userid; KeyError when nobody hired them."""
        return self.members[userid.lower()]
