"""The tables; every column that may hold personal data is sealed bytes."""

from storage.models.clocks import MilestoneRow
from storage.models.columns import EPOCH, MICROSECOND, SHANGHAI, Base, Moment
from storage.models.files import FileContentRow, FileRow
from storage.models.kf import KfAccountRow
from storage.models.matters import CaseRow, CounterRow, EventRow, NeedRow
from storage.models.members import MemberRow
from storage.models.sending import (
    BeatRow,
    ClosedWayRow,
    ConsentRow,
    MovedClockRow,
    OutboxRow,
    PushState,
    QuotaRow,
    RunRow,
    TokenRow,
)
from storage.models.talk import HandoverRow, InboxRow, KeptRow, PersonRow, PrivacyRequestRow
from storage.models.voices import ComplaintRow, ImprovementRow, SurveyRow

__all__ = [
    "EPOCH",
    "MICROSECOND",
    "SHANGHAI",
    "Base",
    "BeatRow",
    "CaseRow",
    "ClosedWayRow",
    "ComplaintRow",
    "ConsentRow",
    "CounterRow",
    "EventRow",
    "FileContentRow",
    "FileRow",
    "HandoverRow",
    "ImprovementRow",
    "InboxRow",
    "KeptRow",
    "KfAccountRow",
    "MemberRow",
    "MilestoneRow",
    "Moment",
    "MovedClockRow",
    "NeedRow",
    "OutboxRow",
    "PersonRow",
    "PrivacyRequestRow",
    "PushState",
    "QuotaRow",
    "RunRow",
    "SurveyRow",
    "TokenRow",
]
