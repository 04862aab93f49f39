"""Our clock is years, days or hours away: it is named, and no date is judged by it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme

from raccord.doctor.hours import gap
from raccord.domain.connection import Light
from raccord.domain.verdict import RungState
from raccord.engine.connections import addresses_at


def _rung(verdict, name: str):
    return next(one for one in verdict.rungs if one.name == name)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=3653), "avance de 10 ans"),
        (timedelta(days=-2), "retarde de 2 jours"),
        (timedelta(hours=3), "avance de 3 heures"),
    ],
)
def test_a_connection_that_works_says_how_far_the_clock_is(visit, codes, away: timedelta, words: str):
    visit.now += away
    verdict = visit()
    assert codes(verdict) == ["CFG-03"]
    assert words in verdict.suspicions[0].sentence
    assert verdict.light is Light.AMBER
    assert words in _rung(verdict, "clock").sentence


def test_a_few_minutes_are_told_and_nothing_more(visit):
    visit.now += timedelta(minutes=20)
    verdict = visit()
    assert _rung(verdict, "clock").state is RungState.ATTENTION
    assert "avance de 20 minutes" in _rung(verdict, "clock").sentence
    assert verdict.light is Light.GREEN


def test_the_end_of_the_password_is_judged_by_the_hour_of_the_platform(visit):
    """By our clock the password expired nine years ago; by the platform's it has ten months left."""
    visit.now += timedelta(days=3653)
    assert _rung(visit(), "expiry").state is RungState.PASSED


def test_a_clock_that_is_behind_does_not_hide_an_end_that_is_near(visit, codes):
    visit.pass_days(310)
    visit.now -= timedelta(days=200)
    assert codes(visit()) == ["CFG-03", "TEC-10"]


def test_a_password_reset_elsewhere_is_not_called_expired(visit, codes):
    visit.now += timedelta(days=3653)
    visit.town.firm.password = "changé-ailleurs)1"
    assert codes(visit())[:2] == ["CFG-03", "TEC-02"]


def test_a_password_that_expired_for_good_is_still_called_so(visit, codes):
    visit.pass_days(400)
    visit.now += timedelta(days=2)
    assert codes(visit())[:2] == ["CFG-03", "TEC-01"]


@contextmanager
def _refused_server(told: datetime) -> Iterator[int]:
    """A TLS server whose certificate is refused, as every certificate is by a clock that is years away."""

    class Answering(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(told.astimezone(UTC), usegmt=True))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silence."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = HTTPServer(("127.0.0.1", 0), Answering)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("away", "named"), [(timedelta(days=3653), ["CFG-03", "NET-02"]), (timedelta(), ["NET-02"])], ids=["wrong", "right"]
)
def test_a_certificate_refused_by_a_wrong_clock_names_the_clock(visit, codes, away: timedelta, named: list[str]):
    with _refused_server(visit.now) as port:
        visit.connection = replace(visit.connection, addresses=addresses_at(f"https://127.0.0.1:{port}"))
        visit.now += away
        verdict = visit()
    assert codes(verdict) == named
    assert verdict.light is Light.RED
    assert sum(one.percent for one in verdict.suspicions) == 100


def test_the_gap_is_said_in_the_largest_unit_of_which_there_are_two():
    assert gap(timedelta(days=400)) == "avance de 400 jours"
    assert gap(timedelta(days=-800)) == "retarde de 2 ans"
    assert gap(timedelta(minutes=-90)) == "retarde de 90 minutes"
