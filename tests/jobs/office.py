"""The office that the clock jobs of the tests work for: the shipped catalogue and texts."""

from bot.handlers.turn import Office
from bot.pages.links import Links
from bot.reading.concerns.faqs import Faqs
from bot.reading.reader import Reader
from bot.render import Renderer, load_texts
from tests.fixed_clock import FixedClock
from tests.world import shipped_catalog

CATALOG = shipped_catalog()
LINKS = Links("https://example.com", "worth nothing: it is only for tests", FixedClock())
OFFICE = Office(CATALOG, Reader(CATALOG), Faqs(CATALOG), Renderer(load_texts()), LINKS)
