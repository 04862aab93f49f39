"""Without an answer, the client says what broke and whether the request may have arrived."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from choruspro import ChorusPro, Environment, Timeouts, TokenCache, Unreachable

DEPOT = "/cpro/factures/v1/deposer/flux"
QUICK = Timeouts(connect=5, read=0.15, write=5, pool=5, total=30)


def deposit(chorus: Any) -> Any:
    return chorus.factures.deposer_flux(fichierFlux=b"<x/>", nomFichier="F1.xml", syntaxeFlux="IN_DP_E1_CII_16B")


def failure(face: Any) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        face.ask(deposit)
    return caught.value


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port where nobody listens, nor will: it is kept, lest another program take it meanwhile."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield int(kept.getsockname()[1])


@pytest.fixture
def tls_desk(desk: Any, tmp_path: Path) -> tuple[str, str]:
    """The desk behind a certificate that nobody knows: its address, and the authority's file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    desk.server.socket = context.wrap_socket(desk.server.socket, server_side=True)
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return desk.base_url.replace("http://127.0.0.1", "https://localhost"), str(file)


def test_an_unknown_name_sent_nothing(new_face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's resolver is played: a real one may take its time to know nothing."""

    def knows_nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", knows_nobody)
    error = failure(new_face(environment=Environment.at("http://chorus-pro.invalid"), trust_env=False))
    assert (error.kind, error.sent, error.effect_unknown) == ("dns", False, False)
    assert "chorus-pro.invalid" in str(error)


def test_a_closed_port_sent_nothing(new_face: Callable[..., Any], closed_port: int) -> None:
    error = failure(new_face(environment=Environment.at(f"http://127.0.0.1:{closed_port}")))
    assert (error.kind, error.sent, error.code) == ("refused", False, "unreachable.refused")


def test_a_closed_port_behind_a_good_token_sent_nothing(
    new_face: Callable[..., Any], desk: Any, closed_port: int
) -> None:
    environment = Environment("banc", desk.base_url + desk.token_path, f"http://127.0.0.1:{closed_port}", "")
    error = failure(new_face(environment=environment))
    assert (error.operation, error.kind, error.sent) == ("factures/deposer/flux", "refused", False)


def test_an_unknown_authority_sent_nothing(new_face: Callable[..., Any], tls_desk: tuple[str, str], desk: Any) -> None:
    error = failure(new_face(environment=Environment.at(tls_desk[0])))
    assert (error.kind, error.sent) == ("tls", False)
    assert desk.asked == []


def test_the_authority_of_the_operator_is_trusted(
    new_face: Callable[..., Any], tls_desk: tuple[str, str], desk: Any, reply: Any
) -> None:
    desk.answers(DEPOT, reply(body={"codeRetour": 0, "libelle": ""}))
    face = new_face(environment=Environment.at(tls_desk[0]), ca=tls_desk[1])
    assert face.ask(deposit).codeRetour == 0


def test_a_silence_leaves_the_effect_unknown(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    tokens = TokenCache()
    new_face(tokens=tokens).ask(lambda chorus: chorus.authenticate())  # only the deposit is waited for so little
    desk.answers(DEPOT, reply(gesture="silence"))
    error = failure(new_face(timeout=QUICK, tokens=tokens))
    assert (error.kind, error.effect_unknown) == ("timeout", True)
    assert error.sent is not False


def test_the_whole_call_has_a_deadline(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    tokens = TokenCache()
    new_face(tokens=tokens).ask(lambda chorus: chorus.authenticate())  # the deadline is that of the deposit alone
    desk.answers(DEPOT, reply(gesture="silence"))
    error = failure(new_face(timeout=Timeouts(total=3), tokens=tokens))
    assert (error.kind, error.effect_unknown) == ("timeout", True)


def test_a_silent_token_desk_sent_nothing(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    desk.answers(desk.token_path, reply(gesture="silence"))
    error = failure(new_face(timeout=QUICK, tokens=TokenCache()))
    assert (error.operation, error.sent, error.effect_unknown) == ("piste/token", False, False)


@pytest.mark.parametrize("gesture", ["reset", "cut"])
def test_a_broken_connection_leaves_the_effect_unknown(face: Any, desk: Any, reply: Any, gesture: str) -> None:
    desk.answers(DEPOT, reply(gesture=gesture))
    error = failure(face)
    assert (error.kind, error.effect_unknown) == ("reset", True)


def test_a_broken_read_has_no_effect_to_doubt(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/transverses/v1/recuperer/tauxtva", reply(gesture="reset"))
    with pytest.raises(Unreachable) as caught:
        face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    assert not caught.value.effect_unknown


def test_a_dead_proxy_sent_nothing(new_face: Callable[..., Any], desk: Any, closed_port: int) -> None:
    error = failure(new_face(proxy=f"http://127.0.0.1:{closed_port}"))
    assert error.sent is False
    assert desk.asked == []


def test_a_proxy_that_refuses_is_named(new_face: Callable[..., Any], desk: Any) -> None:
    """The desk knows no CONNECT: as a proxy in front of an https address it refuses."""
    environment = Environment.at("https://chorus-pro.invalid")
    error = failure(new_face(environment=environment, proxy=desk.base_url))
    assert (error.kind, error.sent) == ("proxy", False)


def test_a_flood_of_bytes_is_stopped(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    desk.answers(DEPOT, reply(body=b"x" * 300_000))
    error = failure(new_face(max_answer=100_000))
    assert error.effect_unknown


def test_an_answer_that_trickles_past_the_deadline_is_given_up(desk: Any, reply: Any, credentials: Any) -> None:
    """The synchronous client looks at its own timer between two pieces of the answer."""
    desk.answers(DEPOT, reply(body={"codeRetour": 0, "libelle": ""}))
    ticks = iter([0.0, 1.0, 2.0, 500.0, 501.0])
    with ChorusPro(Environment.at(desk.base_url), credentials, timer=lambda: next(ticks)) as chorus:
        chorus.authenticate()
        with pytest.raises(Unreachable) as caught:
            deposit(chorus)
    assert (caught.value.kind, caught.value.sent, caught.value.effect_unknown) == ("timeout", True, True)
