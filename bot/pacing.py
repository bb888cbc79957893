"""How much one staff member may be sent: the platform drops the rest without a word."""

from datetime import datetime, timedelta

from bot.wechat.limits import WECOM_PER_MEMBER_HOUR, WECOM_PER_MEMBER_MINUTE
from storage import quotas
from storage.db import Tx

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# counted by the clock's minutes and hours: half of what the platform takes, so that the end of
# one and the beginning of the next together stay within it
PER_MINUTE, PER_HOUR = WECOM_PER_MEMBER_MINUTE // 2, WECOM_PER_MEMBER_HOUR // 2


def not_before(tx: Tx, member: str, now: datetime) -> datetime | None:
    """Counts one message to a staff member; a moment: none goes through before, ask again then."""
    minute = now.replace(second=0, microsecond=0)
    hour = minute.replace(minute=0)
    # the hour first: asked again within it, nothing of the minute is used up
    if quotas.used(tx, f"wecom hour:{member.lower()}", hour) >= PER_HOUR:
        return hour + HOUR
    if not quotas.take(tx, f"wecom:{member.lower()}", minute, PER_MINUTE):
        return minute + MINUTE
    if not quotas.take(tx, f"wecom hour:{member.lower()}", hour, PER_HOUR):
        return hour + HOUR
    return None
