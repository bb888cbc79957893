"""Values to store: a record, a need, a push."""

from datetime import date, datetime
from typing import Any

from bot.clock import SHANGHAI
from bot.domain.cases import ClientType, Field, How, NeedState, NewNeed, Provided, Record
from bot.messages import Channel, Push, PushKind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)

RECORD = Record(
    client_type=ClientType.ENTERPRISE,
    fields={
        Field.APPLICANT: "长春市净月仪表厂",
        Field.ADDRESS: "长春市净月区生态大街1号",
        Field.CONTACT: "王小明",
        Field.POSITION: "质量主管",
        Field.PHONE: "13804310001",
        Field.BUSINESS: "仪器仪表制造",
    },
    extra={"uscc": "91220101MA0000000X"},
    facts={"imported": False},
    materials={"营业执照": Provided(How.UPLOADED, "media-1"), "清单": Provided(How.LATER)},
)

NEED = NewNeed(
    category="metrology",
    item="pressure_gauge",
    department="lab",
    assignee="zhangsan",
    description="8块压力表要校准",
    state=NeedState.SUBMITTED,
    due=date(2026, 12, 3),
)


def push(key: str, to: str = "openid-1", due: datetime = NOW, **changes: object) -> Push:
    """A text for somebody."""
    values: dict[str, Any] = {
        "channel": Channel.OFFICIAL,
        "kind": PushKind.TEXT,
        "body": {"text": f"text of {key}"},
        "purpose": "status",
        **changes,
    }
    return Push(key=key, to=to, due=due, **values)
