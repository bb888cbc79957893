"""Who uses the pretended platform: followers of the account and members of the corporation."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.simulator.ledger import Allowance
from bot.simulator.phones import Phone
from bot.simulator.refusals import ApiRefusal
from bot.simulator.texts import PLATFORM
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
    # notices asked for and not sent yet, by template
    consents: Counter[str] = field(default_factory=Counter)
    # code and words with which the next notice that is taken does not arrive after all
    notice_fails: tuple[int, str] | None = None


@dataclass
class Member:
    """One member of the corporation, with the times of what the app sent them."""

    userid: str
    name: str
    phone: Phone
    waiting: int = 0
    departments: tuple[int, ...] = (1,)
    # in the visible range of the app, and with a licence for it
    visible: bool = True
    licensed: bool = True
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
        # id -> name and parent; the first is the corporation itself
        self.departments: dict[int, tuple[str, int]] = {1: (PLATFORM["corporation"], 0)}

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
        """A new member in the visible range of the app, or one who is back in it."""
        member = Member(userid, name, Phone(self._clock))
        if userid.lower() in self.members:
            member.phone = self.members[userid.lower()].phone
        self.members[userid.lower()] = member
        return member

    def in_range(self) -> list[Member]:
        """The members the app can see."""
        return [one for one in self.members.values() if one.visible]

    def below(self, department: int) -> set[int]:
        """A department and everything under it."""
        found = {department}
        while (
            more := {one for one, (_, parent) in self.departments.items() if parent in found}
            - found
        ):
            found |= more
        return found

    def staff(self, userid: str) -> Member:
        """The member with this userid; KeyError when nobody hired them."""
        return self.members[userid.lower()]
