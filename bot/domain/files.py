"""What a file is to us: why it is kept, and what became of it on its way here."""

from enum import StrEnum


class FileState(StrEnum):
    """A file on its way: `WAITING` lies on the platform still, the others are final but one.

    Only what is `STORED` can be read; it becomes `ERASED` when its time is over. `UNREADABLE`
    came and was no use, `LOST` never came.
    """

    WAITING = "waiting"
    STORED = "stored"
    UNREADABLE = "unreadable"
    LOST = "lost"
    ERASED = "erased"


class FileSort(StrEnum):
    """What a file was sent as, which decides what it may be and how people speak of it."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    # a voice message whose words the platform wrote down, so that they were read
    SPOKEN = "spoken"
    VIDEO = "video"


# what is heard or watched, and what of it nobody has read
RECORDINGS = frozenset({FileSort.VOICE, FileSort.SPOKEN, FileSort.VIDEO})
UNREAD = frozenset({FileSort.VOICE, FileSort.VIDEO})


class FilePurpose(StrEnum):
    """What a file is kept for, which decides how long."""

    MATERIAL = "material"
    CERTIFICATE = "certificate"
    COMPLAINT = "complaint"


class Loss(StrEnum):
    """Why a file that was expected never came."""

    # the platform keeps it for three days
    EXPIRED = "expired"
    # the platform does not know it, or does not give it out
    REFUSED = "refused"
