"""What follows when a medium was fetched, or never can be: the client and staff hear of it."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.files import FilePurpose
from bot.handlers.files import certificates
from bot.handlers.files import useless as useless_photos
from bot.handlers.turn import Office
from storage.db import Tx
from storage.files import File


@dataclass(frozen=True)
class FileNews:
    """Called by the worker in the transaction that stores or gives up a file."""

    office: Office
    clock: Clock

    def arrived(self, tx: Tx, file: File) -> None:
        """A document for a client is theirs as soon as it is here; a material is just there."""
        if file.purpose is FilePurpose.CERTIFICATE:
            certificates.deliver(self.office, tx, file, self.clock())

    def useless(self, tx: Tx, file: File, reason: str) -> None:
        """Whoever sent it is asked for another one."""
        if file.purpose is FilePurpose.CERTIFICATE:
            certificates.refused(self.office, tx, file, reason, self.clock())
        else:
            useless_photos.tell(self.office, tx, file, reason, self.clock())
