"""Who of the catalogue takes nothing new now: gone from WeCom, out of its reach, or off duty."""

from datetime import datetime

from bot.domain.catalog import Catalog, Staff
from storage import members
from storage.db import Tx


def absent(tx: Tx, catalog: Catalog, now: datetime) -> frozenset[str]:
    """Their ids, as the catalogue writes them."""
    found = members.absent(tx, now)
    return frozenset(one.id for one in catalog.staff if one.id.lower() in found)


def still_here(tx: Tx, catalog: Catalog, userid: str) -> Staff | None:
    """That staff member, unless they left the catalogue or WeCom."""
    found = catalog.person.get(userid.lower())
    return None if found is None or userid.lower() in members.gone(tx) else found
