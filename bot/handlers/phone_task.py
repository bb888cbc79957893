"""A phone task: when nothing can reach a client in time, a staff member is asked to call."""

from datetime import datetime

from bot.domain.catalog import Role
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say


def phone_tasks(office: Office, push: Push, why: str, now: datetime) -> tuple[Push, ...]:
    """One text to each manager, once for this push; staff pushes themselves make none."""
    if push.channel is Channel.WECOM:
        return ()
    text = office.renderer.text(Say("staff/undelivered", {"reason": why, "purpose": push.purpose}))
    managers = (one for one in office.catalog.staff if one.role is Role.MANAGER)
    return tuple(
        Push(
            key=f"phone_task:{one.id}:{push.key}",
            channel=Channel.WECOM,
            to=one.id,
            kind=PushKind.TEXT,
            body={"text": text},
            due=now,
            purpose="phone_task",
        )
        for one in managers
    )
