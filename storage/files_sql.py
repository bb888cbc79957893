"""The statements of the files, built once; what they promise is said in `storage.files`."""

from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from bot.domain.files import RECORDINGS, FilePurpose, FileState
from storage.models import FileContentRow, FileRow, NeedRow, PersonRow

FILES = FileRow.__table__
NEW = insert(FileRow).returning(FILES)
KEEP = insert(FileContentRow)
# a common table expression, as in `outbox_sql`
takeable = (
    select(FileRow.id)
    .where(FileRow.next_at <= bindparam("now"))
    .order_by(FileRow.next_at, FileRow.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=FileRow)
    .cte("takeable")
)
CLAIM = (
    update(FileRow)
    .where(FileRow.id.in_(select(takeable.c.id)))
    .values(next_at=bindparam("lease_until"), attempts=FileRow.attempts + 1)
    .returning(FILES)
)
# whoever comes second finds it no longer waiting, and changes nothing
WAITING = update(FileRow).where(
    FileRow.id == bindparam("file"), FileRow.state == FileState.WAITING.value
)
STORE = WAITING.values(
    state=FileState.STORED.value,
    next_at=None,
    media_id=None,
    reason=None,
    content_type=bindparam("as_type"),
    size=bindparam("bytes"),
    sha256=bindparam("digest"),
    stored_at=bindparam("now"),
).returning(FileRow.id)
END = WAITING.values(
    state=bindparam("to_state"), next_at=None, media_id=None, reason=bindparam("why")
).returning(FileRow.id)
LATER = WAITING.values(next_at=bindparam("again_at"), reason=bindparam("why")).returning(FileRow.id)
DIGESTS = select(FileRow.sha256).where(
    FileRow.key.in_(bindparam("keys", expanding=True)), FileRow.sha256.is_not(None)
)
BY_KEY = select(FILES).where(FileRow.key == bindparam("named"))
BY_ID = select(FILES).where(FileRow.id == bindparam("file"))
OF_CASE = select(FILES).where(FileRow.case_id == bindparam("of_case")).order_by(FileRow.id)
OF_PERSON = select(FILES).where(FileRow.person_id == bindparam("person")).order_by(FileRow.id)
CONTENT = select(FileContentRow.data).where(FileContentRow.file_id == bindparam("file"))
RENAME = update(FileRow).where(FileRow.key == bindparam("named")).values(title=bindparam("to"))
# a licence used again in a later case stays with the case it came for
ATTACH = (
    update(FileRow)
    .where(FileRow.key == bindparam("named"), FileRow.case_id.is_(None))
    .values(
        case_id=bindparam("to_case"),
        need_id=bindparam("to_need"),
        title=func.coalesce(bindparam("to_title", type_=FileRow.title.type), FileRow.title),
    )
    .returning(FileRow.id)
)
ATTACH_RECORDINGS = (
    update(FileRow)
    .where(
        FileRow.person_id == bindparam("person"),
        FileRow.case_id.is_(None),
        FileRow.purpose == FilePurpose.MATERIAL.value,
        FileRow.sort.in_(sorted(RECORDINGS)),
        FileRow.state.in_([FileState.WAITING.value, FileState.STORED.value]),
        FileRow.at >= bindparam("since"),
    )
    .values(case_id=bindparam("to_case"))
    .returning(FILES)
)
DROP_CONTENT = delete(FileContentRow).where(FileContentRow.file_id == bindparam("file"))
# as long as a need of its case is open, a file is being worked with
AT_WORK = exists().where(NeedRow.case_id == FileRow.case_id, NeedRow.open)
TALKING = exists().where(PersonRow.id == FileRow.person_id, PersonRow.draft_on.is_not(None))
TO_ERASE = FileRow.state != FileState.ERASED.value


def erasing(*conditions: Any) -> Any:
    """Forgets everything of those files but that they were there."""
    return (
        update(FileRow)
        .where(TO_ERASE, *conditions)
        .values(
            state=FileState.ERASED.value,
            next_at=None,
            media_id=None,
            filename=None,
            sha256=None,
            reason=None,
        )
        .returning(FileRow.id)
    )


def oldest(*conditions: Any) -> Any:
    """The condition that a file is among the oldest of those, at most `limit` of them."""
    found = (
        select(FileRow.id)
        .where(FileRow.at < bindparam("before"), TO_ERASE, *conditions)
        .order_by(FileRow.at)
        .limit(bindparam("limit"))
    )
    return FileRow.id.in_(found)


CERTIFICATE = FileRow.purpose == FilePurpose.CERTIFICATE.value
ERASE_KEY = erasing(FileRow.key == bindparam("named"))
ERASE_OF_CASE = erasing(FileRow.case_id == bindparam("of_case"))
PURGE_MEDIA = erasing(oldest(~CERTIFICATE, ~AT_WORK))
PURGE_RECORDS = erasing(oldest(CERTIFICATE, ~AT_WORK))
PURGE_LOOSE = erasing(
    oldest(FileRow.purpose == FilePurpose.MATERIAL.value, FileRow.case_id.is_(None), ~TALKING)
)
