"""One reader for all tests here: it is pure, and building it is what takes the time."""

from pathlib import Path

import pytest

from bot.domain.catalog import Catalog
from bot.domain.catalog_file import parse
from bot.reading.reader import Reader

CATALOG = Path(__file__).resolve().parent.parent.parent / "catalog.yaml"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalogue of the repository."""
    return parse(CATALOG.read_text("utf-8"))


@pytest.fixture(scope="session")
def reader(catalog: Catalog) -> Reader:
    """The reader of the repository's catalogue."""
    return Reader(catalog)
