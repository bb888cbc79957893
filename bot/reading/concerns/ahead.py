"""What the handlers will ask of a message's words, answered before anybody waits for the database.

On SQLite all turns stand in one line; what needs no data is better found out outside it. The
answers are remembered by the functions themselves, for as long as a few dozen messages.
"""

from bot.reading.concerns import afterwards, voices
from bot.reading.concerns.lookups import read_lookup
from bot.reading.concerns.privacy import read_wish
from bot.reading.concerns.ratings import read_rating
from bot.reading.concerns.uploads import asks_for_upload
from bot.reading.reading import Intent, Reading

EVERYBODY = ("complaint_explicit", "verdict", "result")
NO_NEED = ("withdrawn", "accepts_surely", "opinion", "grievance", "praise")


def read_ahead(text: str, said: Reading, prefix: str) -> None:
    """Ask it all once; `prefix` is the agency's own, of case numbers."""
    read_rating(text)
    read_wish(text, private=said.intent is Intent.PRIVACY)
    read_lookup(text, prefix, said.fields.get("phone", ""))
    afterwards.says_withdraw(text)
    afterwards.read_unsolved(text)
    afterwards.says_solved(text)
    asks_for_upload(text)
    for key in EVERYBODY if said.intent is Intent.SERVICE else EVERYBODY + NO_NEED:
        voices.says(key, said.text)
