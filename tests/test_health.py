"""What the addresses for machines say, also when there is nothing good to say."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import health
from storage.db import Database
from storage.outbox import enqueue
from tests.fixed_clock import FixedClock
from tests.storage.samples import push


@pytest.fixture
def alarms() -> health.Alarms:
    return health.Alarms()


@pytest.fixture
def pages(db: Database, clock: FixedClock, alarms: health.Alarms) -> FlaskClient:
    app = Flask("health")
    app.register_blueprint(health.blueprint(db, clock, alarms))
    return app.test_client()


def test_a_skewed_clock_and_a_missing_worker_are_named(
    pages: FlaskClient, alarms: health.Alarms
) -> None:
    alarms.clock_skew()
    found = pages.get("/readyz")
    assert found.status_code == 200
    assert found.json is not None
    assert found.json["alarms"] == {"clock_skew": 1, "no_worker": 1}
    assert "yizhan_clock_skew_total 1\n" in pages.get("/metrics").text


def test_the_numbers_name_nobody(pages: FlaskClient, db: Database, clock: FixedClock) -> None:
    db.run(lambda tx: enqueue(tx, [push("a", "openid-1", clock())]))
    text = pages.get("/metrics").text
    assert "yizhan_outbox_due 1\n" in text
    assert "openid-1" not in text + pages.get("/readyz").text


def test_a_database_that_is_away_is_said_in_one_line(
    pages: FlaskClient, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    db.close()
    assert pages.get("/healthz").status_code == 200
    assert pages.get("/readyz").status_code == 503
    with caplog.at_level(logging.DEBUG):
        found = pages.get("/metrics")
    assert (found.status_code, found.text) == (503, "try again\n")
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is None
