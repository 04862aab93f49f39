"""The copy of the directory: loaded beside, swapped whole, kept on failure, searched as people type."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
import sqlalchemy as sa

from raccord.domain.directory import (
    DirectorySource,
    PublicService,
    PublicStructure,
    Requirement,
    requirement,
)
from raccord.domain.errors import Conflict, Invalid, RaccordError
from raccord.store.database import Store
from raccord.store.directory import editions as directory_editions
from raccord.store.directory import index as directory_index
from raccord.store.directory import lookups as directory
from raccord.store.directory.columns import Entry
from raccord.store.directory.files import Tally
from raccord.store.directory.sample import generate
from raccord.store.directory.search import search
from raccord.store.tables.directory import editions, services, structures

MONDAY = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)
HERE = "production"


def a_structure(number: int, name: str, town: str = "", postcode: str = "", **flags: bool) -> PublicStructure:
    return PublicStructure(f"{number:014d}", name, town=town, postcode=postcode, **flags)  # type: ignore[arg-type]  # fields of it, given by name


VAL = a_structure(1, "COMMUNE DE VAL-FICTIF", "VAL-FICTIF", "99001", service_required=True)
CCAS = a_structure(2, "CCAS DE VAL-FICTIF", "VAL-FICTIF", "99001")
SONGE = a_structure(3, "COMMUNE DE SAINTE-FABLE-SUR-SONGE", "SAINTE FABLE", "99120")
EVRY = a_structure(4, "COMMUNAUTÉ D'AGGLOMÉRATION D'ÉVRY-FICTIF", "ÉVRY FICTIF", "91999")
HOSPITAL = a_structure(5, "CENTRE HOSPITALIER DE MONTRÊVE", "MONTRÊVE", "34999")
CLOSED = a_structure(6, "COMMUNE DE VAL-FICTIF-LE-VIEUX", "VAL-FICTIF", "99001", active=False)
TOWNS = [VAL, CCAS, SONGE, EVRY, HOSPITAL, CLOSED]


def load(store: Store, entries: Iterable[Entry], *, at: datetime = MONDAY, shrink: bool = True, **more: object) -> int:
    loaded = directory_editions.load(
        store, entries, environment=HERE, origin="annuaire.csv", clock=lambda: at, shrink=shrink, **more  # type: ignore[arg-type]  # of `load`
    )  # fmt: skip
    return loaded.id


def names(store: Store, text: str, town: str = "", limit: int = 20) -> list[str]:
    with store.read() as conn:
        return [one.name for one in search(conn, HERE, text, town, limit)]


def counts(store: Store) -> tuple[int, int, int]:
    """Rows of structures, rows of services, tables of indexes."""
    with store.read() as conn:
        found = [
            conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in (structures, services)
        ]
        tables = [name for name in sa.inspect(conn).get_table_names() if name.startswith("directory_spellings_")]
    return found[0], found[1], len(tables)


def test_a_structure_is_found_as_it_was_written(store: Store) -> None:
    load(store, [VAL, PublicService(VAL.siret, "FIN", "Finances", commitment_required=True)])
    with store.read() as conn:
        found = directory.find(conn, HERE, VAL.siret)
        assert found is not None
        assert (found.name, found.service_required, found.known_at) == (VAL.name, True, MONDAY)
        assert directory.services_of(conn, HERE, VAL.siret) == (
            PublicService(VAL.siret, "FIN", "Finances", commitment_required=True),
        )
        assert directory.find(conn, HERE, SONGE.siret) is None


def test_each_environment_has_its_own_copy(store: Store) -> None:
    load(store, [VAL])
    clock = lambda: MONDAY  # noqa: E731 - a clock that stands still
    directory_editions.load(store, [SONGE], environment="qualification", origin="api", clock=clock)
    with store.read() as conn:
        assert directory.find(conn, "qualification", VAL.siret) is None
        assert directory.find(conn, "qualification", SONGE.siret) is not None
        assert directory.find(conn, HERE, VAL.siret) is not None
        assert [one.name for one in search(conn, "qualification", "commune")] == [SONGE.name]


def test_before_the_first_loading_nothing_is_found_and_nothing_breaks(store: Store) -> None:
    assert names(store, "val") == []
    with store.read() as conn:
        assert directory.find(conn, HERE, VAL.siret) is None
        assert directory_editions.status(conn, HERE).current is None


@pytest.mark.parametrize(
    ("text", "town", "found"),
    [("mairi", "val", VAL), ("maireie fable", "", SONGE), ("hopitl", "montreve", HOSPITAL), ("vile", "sainte", SONGE)],
)
def test_a_slip_in_what_people_call_a_body_is_forgiven_too(
    store: Store, text: str, town: str, found: PublicStructure
) -> None:
    load(store, TOWNS)
    assert names(store, text, town)[:1] == [found.name]


def test_a_new_edition_takes_the_place_of_the_old_one_and_leaves_nothing_of_it(store: Store) -> None:
    load(store, [*TOWNS, PublicService(VAL.siret, "FIN", "Finances")])
    load(store, [SONGE], at=MONDAY + timedelta(days=7))
    assert names(store, "val fictif") == []
    assert names(store, "songe") == [SONGE.name]
    assert counts(store) == (1, 0, 1)
    with store.read() as conn:
        status = directory_editions.status(conn, HERE)
    assert status.current is not None
    assert (status.current.structures, status.current.loaded_at) == (1, MONDAY + timedelta(days=7))


def test_the_old_edition_answers_until_the_very_moment_of_the_swap(store: Store) -> None:
    load(store, [VAL])
    seen: list[list[str]] = []

    def slowly() -> Iterator[Entry]:
        yield from islice(generate(4_000), 6_000)
        seen.append(names(store, "val fictif"))

    load(store, slowly())
    assert seen == [[VAL.name]]


def _broken() -> Iterator[Entry]:
    yield from islice(generate(5_000), 6_000)
    raise Invalid("ANNUAIRE_ILLISIBLE", "Le fichier est abîmé.", "")


@pytest.mark.parametrize(
    ("entries", "tally", "code"),
    [
        (_broken, None, "ANNUAIRE_ILLISIBLE"),
        (list, None, "ANNUAIRE_VIDE"),
        (lambda: [PublicService(VAL.siret, "A", "Achats")], None, "ANNUAIRE_VIDE"),
        (lambda: [VAL, SONGE, CCAS], Tally(understood=3, lost=2), "ANNUAIRE_LIGNES"),
        (lambda: [VAL], None, "ANNUAIRE_TRONQUE"),
    ],
)
def test_a_broken_edition_leaves_the_old_one(
    store: Store, entries: Callable[[], Iterable[Entry]], tally: Tally | None, code: str
) -> None:
    load(store, TOWNS)
    with pytest.raises(RaccordError) as refusal:
        load(store, entries(), at=MONDAY + timedelta(days=7), shrink=False, tally=tally)
    assert refusal.value.code == code
    assert names(store, "ccas") == [CCAS.name]
    assert counts(store) == (len(TOWNS), 0, 1)
    with store.read() as conn:
        status = directory_editions.status(conn, HERE)
    assert status.current is not None
    assert (status.current.loaded_at, status.failed_at) == (MONDAY, MONDAY + timedelta(days=7))
    assert status.failure == refusal.value.sentence


def test_a_failure_is_forgotten_after_the_next_success(store: Store) -> None:
    with pytest.raises(Invalid):
        load(store, [])
    load(store, [VAL])
    with store.read() as conn:
        assert directory_editions.status(conn, HERE).failed_at is None


def test_two_loadings_do_not_mix(store: Store) -> None:
    def meddling() -> Iterator[Entry]:
        yield VAL
        with pytest.raises(Conflict) as refusal:
            load(store, [SONGE])
        assert refusal.value.code == "ANNUAIRE_EN_COURS"

    load(store, meddling())
    assert names(store, "val") == [VAL.name]


def test_a_loading_that_died_with_its_process_is_swept_by_the_next(store: Store) -> None:
    with store.begin() as conn:
        key = conn.execute(
            editions.insert().values(state="loading", environment=HERE, origin="x", at=MONDAY)
        ).inserted_primary_key
        assert key is not None
        directory_index.index_for(store.dialect).create(conn, key[0])
    load(store, [VAL], at=MONDAY + timedelta(days=1))
    assert counts(store) == (1, 0, 1)


def test_doubles_are_left_aside(store: Store) -> None:
    service = PublicService(VAL.siret, "FIN", "Finances")
    load(store, [VAL, VAL, service, service, SONGE])
    assert counts(store) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "town", "first"),
    [
        ("commune de val fictif", "", VAL),
        ("VAL-FICTIF", "", CCAS),  # the barest name first
        ("ccas", "", CCAS),
        ("sainte fable", "", SONGE),
        ("ste-fable sur songe", "", SONGE),
        ("evry", "", EVRY),
        ("Évry", "", EVRY),
        ("agglo evry", "", EVRY),
        ("mairie val fictif", "", VAL),
        ("hopital montreve", "", HOSPITAL),
        ("montrev", "", HOSPITAL),
        ("hospitalié", "", HOSPITAL),
        ("comune saint fabble", "", SONGE),
        ("communoté evri", "", EVRY),
        ("montrêbe", "", HOSPITAL),
        ("commune", "99120", SONGE),
        ("commune", "991", SONGE),
        ("commune", "sainte", SONGE),
        ("", "montreve", HOSPITAL),
        ("", "montrve", HOSPITAL),
        ("00000000000004", "", EVRY),
        ("000 000 000 00004", "", EVRY),
        ("000000000", "", VAL),
    ],
)
def test_people_find_what_they_mean(store: Store, text: str, town: str, first: PublicStructure) -> None:
    load(store, TOWNS)
    assert names(store, text, town)[:1] == [first.name]


@pytest.mark.parametrize(
    "text", ["", "   ", "***", "zzzzzzzz", "commune zzzzzzzz", "val AND", "town : x*", "'; DROP", "\x00"]
)
def test_what_means_nothing_finds_nothing_or_little_and_never_breaks(store: Store, text: str) -> None:
    load(store, TOWNS)
    assert len(names(store, text)) <= len(TOWNS)


def test_nonsense_finds_nothing(store: Store) -> None:
    load(store, TOWNS)
    assert names(store, "zzzzzzzz") == names(store, "") == names(store, "commune xylophonique") == []


def test_closed_structures_come_last(store: Store) -> None:
    load(store, TOWNS)
    assert names(store, "commune val fictif") == [VAL.name, CLOSED.name]


def test_no_more_than_asked_is_given(store: Store) -> None:
    load(store, generate(400))
    assert len(names(store, "commune", limit=7)) == 7
    assert 1 <= len(names(store, "commune", limit=-3)) <= 1


def test_every_generated_structure_is_found_by_its_name(store: Store) -> None:
    sample = [entry for entry in generate(300, seed=5) if isinstance(entry, PublicStructure)]
    load(store, sample)
    for one in sample[::10]:
        assert one.name in names(store, one.name, limit=50)


def test_a_database_restored_without_its_index_still_finds_a_siret(store: Store) -> None:
    number = load(store, TOWNS)
    with store.begin() as conn:
        directory_index.index_for(store.dialect).drop(conn, number)
    assert names(store, "commune") == []
    assert names(store, EVRY.siret) == [EVRY.name]


def test_what_chorus_pro_answered_is_kept_whole(store: Store) -> None:
    live = PublicStructure(VAL.siret, "VAL", id_structure_cpp=42, payment_reported=False, source=DirectorySource.LIVE,
                           known_at=MONDAY)  # fmt: skip
    answer = directory.LiveAnswer(live, (PublicService(VAL.siret, "FIN", "Finances", True, None, 7),), MONDAY)
    with store.begin() as conn:
        directory.keep_live_answer(conn, HERE, VAL.siret, directory.LiveAnswer(None, (), MONDAY))
        directory.keep_live_answer(conn, HERE, VAL.siret, answer)
        assert directory.live_answer(conn, HERE, VAL.siret) == answer
        assert directory.live_answer(conn, "qualification", VAL.siret) is None


@pytest.mark.parametrize(
    ("service", "commitment", "either", "expected"),
    [
        (False, False, False, Requirement.NONE),
        (True, False, False, Requirement.SERVICE),
        (False, True, False, Requirement.COMMITMENT),
        (True, True, False, Requirement.BOTH),
        (False, False, True, Requirement.EITHER),
        (True, True, True, Requirement.EITHER),
    ],
)
def test_three_flags_make_five_requirements(
    service: bool, commitment: bool, either: bool, expected: Requirement
) -> None:
    town = PublicStructure(
        "1", "VAL", service_required=service, commitment_required=commitment, service_or_commitment=either
    )
    assert requirement(town) is expected
    assert expected.sentence.endswith(".")
    assert expected.is_met("FIN", "EJ-1")
    assert expected.is_met(" ", "") is (expected is Requirement.NONE)


def test_a_service_may_demand_the_commitment_that_its_structure_does_not() -> None:
    strict, lax = PublicService("1", "A", "", commitment_required=True), PublicService("1", "B", "")
    assert requirement(PublicStructure("1", "VAL"), strict) is Requirement.COMMITMENT
    assert requirement(PublicStructure("1", "VAL"), lax) is Requirement.NONE
    assert requirement(PublicStructure("1", "VAL", service_required=True), strict) is Requirement.BOTH
    assert requirement(PublicStructure("1", "VAL", service_or_commitment=True), strict) is Requirement.COMMITMENT
