"""The directory as the gateway uses it: our copy first, Chorus Pro for the rest, nothing lost on a failure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit, DepositState, NewDeposit
from raccord.domain.directory import (
    CommitmentVerdict,
    DirectorySource,
    PublicStructure,
    Requirement,
    requirement,
)
from raccord.domain.errors import Invalid, NotFound, RaccordError, Unavailable
from raccord.domain.identifiers import Siret
from raccord.engine.directory.facts import CheckedDirectory
from raccord.engine.gateway import Gateway
from raccord.formats.sample import SampleSyntax, make_invoice, write_sample
from raccord.store import connections
from raccord.store.directory.sample import generate, write_csv

TOWN, HOSPITAL, STATE, NOWHERE = "21970999400017", "26970888200019", "11000201100044", "99999999900018"
FIRM = "45251785100010"


class Bench(Protocol):
    """The simulator's handle, made in conftest.py."""

    def control(self, method: str, path: str, **body: Any) -> Any: ...
    def fails(self, kind: str, pattern: str = ..., **more: Any) -> None: ...
    def calls(self) -> dict[str, int]: ...


def asked(bench: Bench) -> int:
    """How many calls the Structures API received."""
    return sum(count for operation, count in bench.calls().items() if "structures/" in operation)


def names(gateway: Gateway, text: str, connection: str = "") -> list[str]:
    return [one.name for one in gateway.directory.search(text, connection_id=connection)]


@pytest.fixture
def sample(tmp_path: Path) -> list[Path]:
    """The two lists of the public directory, invented."""
    files = [tmp_path / "structures.csv", tmp_path / "services.csv"]
    write_csv(generate(120, seed=1), *files)
    return files


def test_the_public_file_is_loaded_and_told_in_the_journal(gateway: Gateway, sample: list[Path]) -> None:
    edition = gateway.directory.load(list(sample), "alice@exemple.fr")
    first = next(entry for entry in generate(120, seed=1) if isinstance(entry, PublicStructure))
    found = gateway.directory.find(f" {first.siret[:3]} {first.siret[3:]} ")
    assert found is not None
    assert (found.name, found.source) == (first.name, DirectorySource.FILE)
    (event,) = gateway.journal.read("directory")
    assert (event.kind, event.actor, event.data["structures"]) == ("directory.loaded", "alice@exemple.fr", 120)
    assert gateway.directory.status().current == edition


def test_a_broken_file_leaves_the_copy_in_use(gateway: Gateway, sample: list[Path], tmp_path: Path) -> None:
    edition = gateway.directory.load(list(sample), "alice@exemple.fr")
    broken = tmp_path / "annuaire.zip"
    broken.write_bytes(b"PK\x03\x04 only half of it came")
    with pytest.raises(Invalid) as refusal:
        gateway.directory.load([broken], "alice@exemple.fr")
    assert refusal.value.code == "ANNUAIRE_ILLISIBLE"
    status = gateway.directory.status()
    assert (status.current, status.failure) == (edition, refusal.value.sentence)


def test_a_file_that_is_not_there_is_said(gateway: Gateway, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        gateway.directory.load([tmp_path / "rien.csv"], "alice@exemple.fr")
    with pytest.raises(Invalid):
        gateway.directory.load([], "alice@exemple.fr")


def test_the_directory_of_chorus_pro_is_fetched_and_searched(gateway: Gateway, online: Connection) -> None:
    edition = gateway.directory.refresh(online.id, "alice@exemple.fr")
    assert (edition.environment, edition.origin) == ("simulator", "chorus-pro")
    assert names(gateway, "mairie val fictif", online.id)[0] == "COMMUNE DE VAL-FICTIF"
    assert names(gateway, "hopital belle invention", online.id) == ["HÔPITAL DE BELLE-INVENTION"]
    assert names(gateway, "mairie val fictif") == []  # the copy of production is another one


def test_a_siret_of_the_copy_costs_no_call(gateway: Gateway, online: Connection, bench: Bench) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    before = asked(bench)
    found = gateway.directory.find(STATE, online.id)
    services = gateway.directory.services(STATE, online.id)
    assert found is not None
    assert requirement(found) is Requirement.BOTH
    assert [service.code for service in services] == ["SERVICE_DEFAUT", "SFACETAT"]
    assert asked(bench) == before


def test_a_siret_that_the_copy_lacks_is_asked_once(gateway: Gateway, online: Connection, bench: Bench) -> None:
    found = gateway.directory.find(HOSPITAL, online.id)
    assert found is not None
    assert (found.source, requirement(found)) == (DirectorySource.LIVE, Requirement.EITHER)
    assert found.id_structure_cpp
    before = asked(bench)
    assert gateway.directory.find(found.siret, online.id) == found
    assert [service.code for service in gateway.directory.services(found.siret, online.id)] == ["PHARMACIE", "TRAVAUX"]
    assert asked(bench) == before


def test_a_service_says_by_itself_whether_it_wants_the_commitment(
    gateway: Gateway, online: Connection, bench: Bench
) -> None:
    schools = gateway.directory.service(TOWN, "ECOLES", online.id)
    works = gateway.directory.service(TOWN, "SERV-TECH", online.id)
    town = gateway.directory.find(TOWN, online.id)
    assert town is not None
    assert requirement(town, schools) is Requirement.COMMITMENT
    assert requirement(town, works) is Requirement.NONE
    before = asked(bench)
    assert gateway.directory.service(TOWN, "ECOLES", online.id) == schools
    assert gateway.directory.service(TOWN, "INCONNU", online.id) is None
    assert asked(bench) == before


@pytest.mark.parametrize("loaded", [False, True], ids=["live", "copy"])
def test_the_service_between_public_bodies_is_hidden_from_private_suppliers(
    gateway: Gateway, online: Connection, loaded: bool
) -> None:
    if loaded:
        gateway.directory.refresh(online.id, "alice@exemple.fr")
    private = [service.code for service in gateway.directory.services(TOWN, online.id)]
    public = [service.code for service in gateway.directory.services(TOWN, online.id, for_private_supplier=False)]
    assert private == ["ECOLES", "SERV-TECH", "ANCIEN"]  # the closed one last
    assert set(public) - set(private) == {"FACTURES_PUBLIQUES"}


def test_a_private_firm_is_no_recipient(gateway: Gateway, online: Connection) -> None:
    assert gateway.directory.find(FIRM, online.id) is None


def test_a_siret_unknown_today_is_asked_again_after_an_hour(
    gateway: Gateway, online: Connection, bench: Bench, diary: Any
) -> None:
    assert gateway.directory.find(NOWHERE, online.id) is None
    before = asked(bench)
    assert gateway.directory.find(NOWHERE, online.id) is None
    assert asked(bench) == before
    diary.passes(hours=2)
    assert gateway.directory.find(NOWHERE, online.id) is None
    assert asked(bench) > before


def test_old_news_is_worth_more_than_none(gateway: Gateway, online: Connection, bench: Bench, diary: Any) -> None:
    known = gateway.directory.find(TOWN, online.id)
    diary.passes(days=30)
    bench.fails("503", "*structures*", count=50)
    assert gateway.directory.find(TOWN, online.id) == known
    with pytest.raises(Unavailable):
        gateway.directory.find(STATE, online.id)


def test_without_connection_only_the_copy_answers(gateway: Gateway, offline: Connection) -> None:
    assert gateway.directory.find(TOWN) is None
    with pytest.raises(Unavailable) as refusal:
        gateway.directory.find(TOWN, offline.id)
    assert refusal.value.sentence
    with pytest.raises(NotFound):
        gateway.directory.find(TOWN, "no-such-connection")


def test_a_stopped_connection_asks_nothing(gateway: Gateway, online: Connection, bench: Bench) -> None:
    with gateway.store.begin() as conn:
        connections.update(conn, online.id, now=gateway.clock(), breaker_open=True)
    before = bench.calls()
    with pytest.raises(Unavailable):
        gateway.directory.find(TOWN, online.id)
    gateway.directory.refresh_when_due()
    assert bench.calls() == before


def refreshed(gateway: Gateway) -> Any:
    gateway.directory.refresh_when_due()
    return gateway.directory.status("c1")


def test_the_copy_refreshes_itself_each_week(gateway: Gateway, online: Connection, bench: Bench, diary: Any) -> None:
    first = refreshed(gateway).current
    assert first is not None
    diary.passes(days=6)
    assert refreshed(gateway).current == first
    diary.passes(days=1, minutes=1)
    bench.control("POST", "/seed", structures=3)
    second = refreshed(gateway).current
    assert second.structures == first.structures + 3


def test_a_failed_refresh_keeps_the_copy_says_why_and_waits_a_day(
    gateway: Gateway, online: Connection, bench: Bench, diary: Any
) -> None:
    first = refreshed(gateway).current
    diary.passes(days=8)
    bench.fails("503", "*telecharger/annuaire*", count=1)
    failed = refreshed(gateway)
    assert failed.current == first
    assert failed.failure == "Chorus Pro ne répond pas pour le moment."  # nothing was sent: nothing is to be verified
    assert failed.failed_at is not None
    diary.passes(hours=2)
    assert refreshed(gateway) == failed  # not asked again the same day
    diary.passes(days=1)
    mended = refreshed(gateway)
    assert mended.failed_at is None
    assert mended.current.id > first.id


def test_the_refresh_is_a_job_of_the_engine(gateway: Gateway, online: Connection) -> None:
    assert gateway.jobs.knows("directory.refresh")
    gateway.jobs.run("directory.refresh", "*", {})
    assert gateway.directory.status(online.id).current is not None


@pytest.mark.parametrize(
    ("siret", "expected"),
    [(TOWN, Requirement.NONE), (STATE, Requirement.BOTH)],
)
def test_the_checks_are_told_what_the_recipient_demands(
    gateway: Gateway, online: Connection, siret: str, expected: Requirement
) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    facts = CheckedDirectory(gateway.directory, online.id).recipient(Siret.parse(siret))
    assert facts is not None
    assert (facts.requirement, facts.active) == (expected, True)


def test_the_checks_are_told_of_services(gateway: Gateway, online: Connection) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    facts, town = CheckedDirectory(gateway.directory, online.id), Siret.parse(TOWN)
    schools, closed = facts.service(town, "ECOLES"), facts.service(town, "ANCIEN")
    assert schools is not None
    assert closed is not None
    assert (schools.commitment_required, closed.active) == (True, False)
    assert facts.service(town, "INCONNU") is None
    assert facts.recipient(Siret.parse(NOWHERE)) is None


def test_without_a_copy_the_checks_ask_nothing(gateway: Gateway, online: Connection, bench: Bench) -> None:
    before, facts = bench.calls(), CheckedDirectory(gateway.directory, online.id)
    assert facts.recipient(Siret.parse(NOWHERE)) is not None
    assert facts.service(Siret.parse(NOWHERE), "FIN") is not None
    assert bench.calls() == before


def test_what_the_copy_lacks_passes_while_chorus_pro_is_away(
    gateway: Gateway, online: Connection, bench: Bench
) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    bench.fails("503", "*structures*", count=50)
    facts = CheckedDirectory(gateway.directory, online.id)
    assert facts.recipient(Siret.parse(NOWHERE)) is not None
    assert facts.service(Siret.parse(TOWN), "INCONNU") is not None


def test_what_nobody_can_tell_is_not_held_against_an_invoice(gateway: Gateway, offline: Connection) -> None:
    for facts in (CheckedDirectory(gateway.directory, offline.id), CheckedDirectory(gateway.directory)):
        recipient, service = facts.recipient(Siret.parse(TOWN)), facts.service(Siret.parse(TOWN), "FIN")
        assert recipient is not None
        assert service is not None
        assert (recipient.active, recipient.requirement, service.active) == (True, Requirement.NONE, True)


def test_a_service_reopened_since_the_copy_was_made_is_not_refused(
    gateway: Gateway, online: Connection, bench: Bench
) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    facts, town = CheckedDirectory(gateway.directory, online.id), Siret.parse(TOWN)
    bench.control("PATCH", f"/structures/{TOWN}/services/ANCIEN", estActif=True)
    reopened = facts.service(town, "ANCIEN")
    assert reopened is not None
    assert reopened.active


@pytest.mark.parametrize(
    ("number", "recipient", "verdict"),
    [
        ("EJ-2026-0001", "", CommitmentVerdict.KNOWN),
        ("EJ-2026-0001", TOWN, CommitmentVerdict.KNOWN),
        ("EJ-2026-0001", STATE, CommitmentVerdict.ELSEWHERE),
        ("EJ-1999-9999", TOWN, CommitmentVerdict.UNKNOWN),
    ],
)
def test_a_commitment_is_checked_where_chorus_pro_can_tell(
    gateway: Gateway, online: Connection, number: str, recipient: str, verdict: CommitmentVerdict
) -> None:
    answer = gateway.commitments.check(online.id, number, FIRM, recipient)
    assert (answer.verdict, bool(answer.sentence)) == (verdict, True)


def test_a_commitment_that_cannot_be_checked_is_only_said_so(gateway: Gateway, offline: Connection) -> None:
    answer = gateway.commitments.check(offline.id, "EJ-2026-0001", FIRM)
    assert answer.verdict is CommitmentVerdict.NOT_CHECKED
    with pytest.raises(RaccordError) as refusal:
        gateway.commitments.check(offline.id, "x" * 51, FIRM)
    assert refusal.value.code == "ENGAGEMENT_INVALIDE"


def test_the_home_of_the_directory_is_a_connection_that_can_call(
    gateway: Gateway, online: Connection, make_gateway: Callable[..., Gateway]
) -> None:
    assert gateway.directory.home() == online.id
    with gateway.store.begin() as conn:
        connections.update(conn, online.id, now=gateway.clock(), enabled=False)
    assert gateway.directory.home() == ""


def test_a_deposit_to_a_body_that_demands_a_service_is_stopped_before_it_leaves(
    gateway: Gateway, online: Connection, bench: Bench
) -> None:
    gateway.directory.refresh(online.id, "alice@exemple.fr")
    before = bench.calls()
    without = deposited(gateway, "F-1", STATE)
    assert [fault.code for fault in without.faults if fault.is_error] == ["CP-DEST-03"]
    assert without.state is DepositState.FAULTY
    complete = deposited(gateway, "F-2", STATE, service="SFACETAT", commitment="EJ-1")
    assert complete.state is DepositState.READY
    assert bench.calls() == before  # the copy answered


def deposited(gateway: Gateway, number: str, recipient: str, **more: str) -> Deposit:
    """Deposit an invoice of the firm."""
    invoice = make_invoice(
        5, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(recipient),
        issue_date=gateway.clock().date(), service=more.get("service", ""), commitment=more.get("commitment", ""),
    )  # fmt: skip
    new = NewDeposit("c1", write_sample(invoice, SampleSyntax.CII), f"{number}.xml", author="alice@exemple.fr")
    return gateway.outbox.accept(new).deposit
