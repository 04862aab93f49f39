"""The letters of the day: once a day for each person, whatever stops meanwhile; nothing when nothing is late."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.handlers import Message

from raccord.domain.clock import PARIS
from raccord.domain.connection import Structure
from raccord.domain.digests import NewDigest, Side, holders, person
from raccord.domain.errors import Invalid, NotFound
from raccord.domain.reach import Reach
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.store import journal, receptions, structures

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.engine.gateway import Gateway

TOWN, OTHER = "12345678200051", "21970999400017"


class Mailbox(Message):
    """Keeps the letters; refuses the addresses of `asleep` for now, those of `unknown` for good."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []
        self.asleep: set[str] = set()
        self.unknown: set[str] = set()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.unknown:
            return "550 No such user here"
        if address in self.asleep:
            return "450 Try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)

    def readers(self) -> list[str]:
        return [letter["To"] for letter in self.letters]

    def text(self, index: int = 0) -> str:
        return str(self.letters[index].get_payload(decode=True).decode())

    def subject(self, index: int = 0) -> str:
        return str(make_header(decode_header(self.letters[index]["Subject"])))


@pytest.fixture
def box(serve_mail: Callable[..., int]) -> tuple[Mailbox, int]:
    mailbox = Mailbox()
    return mailbox, serve_mail(mailbox)


@pytest.fixture
def houses(make_gateway: Callable[..., Gateway], box: Any, diary: Any) -> Callable[[], Gateway]:
    """Opens the house; a second call is the same house after a restart, or a second worker."""
    environ = {
        "RACCORD_SMTP_HOST": "127.0.0.1", "RACCORD_SMTP_PORT": str(box[1]), "RACCORD_SMTP_SECURITY": "none",
        "RACCORD_PUBLIC_URL": "https://raccord.exemple.fr",
    }  # fmt: skip
    tomorrow = diary().astimezone(PARIS).date() + timedelta(days=1)
    morning = datetime.combine(tomorrow, time(6, 30), PARIS)  # of its own day: the night may have been a short one
    diary.passes(seconds=(morning.astimezone(UTC) - diary()).total_seconds())
    return lambda: make_gateway(environ=environ)


@pytest.fixture
def house(houses: Callable[[], Gateway], connect: Callable[..., Any]) -> Gateway:
    """A house with two public bodies, at half past six in the morning."""
    gateway = houses()
    account = {"login": "TECH_1@cpro.fr", "password": "p"}
    connect(gateway, "http://127.0.0.1:9", {"client_id": "app", "client_secret": "s"}, account)
    with gateway.store.begin() as conn:
        for key, siret, label in (("s1", TOWN, "Mairie d’Exemple"), ("s2", OTHER, "École d’Exemple")):
            structures.insert(conn, Structure(key, "c1", siret, label, 1, is_recipient=True), gateway.clock())
    return gateway


def _user(gateway: Gateway, name: str, role: Role = Role.COMPTABLE) -> str:
    email = f"{name}@exemple.fr"
    return gateway.users.create_user(email, name.title(), role, Secret("une phrase assez longue"), "cli").id


def _receive(gateway: Gateway, rank: int, days_ago: int, structure: str = "s1", **columns: Any) -> None:
    now = gateway.clock()
    row = {
        "id": f"r-{rank}", "connection_id": "c1", "structure_id": structure, "state": "seen", "family": "FACTURE",
        "id_facture": 1000 + rank, "number": f"F-{rank}", "issue_date": now.date(),
        "deposit_date": (now - timedelta(days=days_ago)).astimezone(PARIS).date(), "supplier_siret": "45251785100010",
        "supplier_name": "Bâtiment Exemple", "recipient_siret": TOWN, "service_code": "VOIRIE",
        "service_name": "Voirie", "commitment": "", "market": "", "type_code": "FACTURE", "currency": "EUR",
        "amount_total": Decimal("1200.00"), "amount_due": Decimal("1200.00"), "platform_status": "MISE_A_DISPOSITION",
        "platform_status_at": now - timedelta(days=days_ago), "created_at": now, "updated_at": now,
    } | columns  # fmt: skip
    with gateway.store.begin() as conn:
        receptions.insert(conn, row)


def _morning(gateway: Gateway, diary: Any, hours: float = 1) -> int:
    """Let so many hours pass, looking every ten minutes; how many letters were asked for."""
    asked = 0
    for _ in range(round(hours * 6)):
        diary.passes(minutes=10)
        asked += gateway.digests.send_due()
        gateway.jobs.run_due()
    return asked


def test_the_letter_names_services_suppliers_amounts_days_and_links(house: Gateway, box: Any, diary: Any) -> None:
    alice = _user(house, "alice")
    _receive(house, 1, days_ago=42)
    _receive(house, 2, days_ago=24, service_name="Écoles", supplier_name="Craies du Nord")
    _receive(house, 3, days_ago=2)
    house.digests.ask(NewDigest(person(alice), Side.RECEPTIONS), "user/alice")
    assert _morning(house, diary) == 1
    assert box[0].subject() == "Raccord : 1 facture en retard, 1 bientôt due"
    text = box[0].text()
    for words in ("Service : Voirie", "  Bâtiment Exemple", "F-1 : 1\u202f200,00\u00a0€, 12\u00a0jours de retard",
                  "Service : Écoles", "  Craies du Nord", "6\u00a0jours restants", "Intérêts et indemnités dus",
                  "https://raccord.exemple.fr/receptions/r-1", "https://raccord.exemple.fr/echeances?cote=receptions",
                  ):  # fmt: skip
        assert words in text.replace("\u00a0200", "\u202f200"), text
    assert "F-3" not in text


def test_it_leaves_once_a_day_even_when_the_house_restarts_or_two_workers_look(
    house: Gateway, houses: Callable[[], Gateway], box: Any, diary: Any
) -> None:
    _receive(house, 1, days_ago=42)
    house.digests.ask(NewDigest(person(_user(house, "alice")), Side.RECEPTIONS, hour=8), "cli")
    assert _morning(house, diary, 1) == 0, "it is not eight o’clock yet"
    other = houses()
    asked = sum(_morning(one, diary, 0.5) for _ in range(46) for one in (house, other))
    assert asked == len(box[0].letters) == 2, "46 hours from half past seven: two mornings, however long the nights"


def test_a_house_that_was_down_at_the_hour_sends_when_it_is_back(house: Gateway, box: Any, diary: Any) -> None:
    _receive(house, 1, days_ago=42)
    house.digests.ask(NewDigest(person(_user(house, "alice")), Side.RECEPTIONS), "cli")
    diary.passes(hours=9)
    assert _morning(house, diary) == 1
    assert len(box[0].letters) == 1


def test_a_stop_after_the_mark_loses_no_letter(
    house: Gateway, houses: Callable[[], Gateway], box: Any, diary: Any
) -> None:
    _receive(house, 1, days_ago=42)
    house.digests.ask(NewDigest(person(_user(house, "alice")), Side.RECEPTIONS), "cli")
    diary.passes(hours=1)
    assert house.digests.send_due() == 1  # and the machine stops here, before any job has run
    again = houses()
    assert again.digests.send_due() == 0
    again.jobs.run_due()
    assert box[0].readers() == ["alice@exemple.fr"]


def test_a_quiet_day_is_silent_unless_asked_otherwise(house: Gateway, box: Any, diary: Any) -> None:
    _receive(house, 1, days_ago=2)
    house.digests.ask(NewDigest(person(_user(house, "alice")), Side.RECEPTIONS), "cli")
    assert _morning(house, diary) == 0
    house.digests.ask(NewDigest(person(_user(house, "bob")), Side.RECEPTIONS, always=True), "cli")
    assert _morning(house, diary) == 1
    assert box[0].readers() == ["bob@exemple.fr"]
    assert "aucune facture en retard ni bientôt due" in box[0].subject()


def test_a_role_is_everybody_who_has_it_but_nobody_twice(house: Gateway, box: Any, diary: Any) -> None:
    alice, _ = _user(house, "alice"), _user(house, "bob")
    _user(house, "carole", Role.LECTEUR)
    gone = _user(house, "david")
    house.users.change_user(gone, "cli", active=False)
    _receive(house, 1, days_ago=42)
    house.digests.ask(NewDigest(holders(Role.COMPTABLE), Side.RECEPTIONS), "cli")
    house.digests.ask(NewDigest(person(alice), Side.RECEPTIONS), "cli")
    assert _morning(house, diary) == 2
    assert sorted(box[0].readers()) == ["alice@exemple.fr", "bob@exemple.fr"]


def test_a_person_who_sees_one_structure_is_told_of_that_one_alone(house: Gateway, box: Any, diary: Any) -> None:
    _receive(house, 1, days_ago=42)
    _receive(house, 2, days_ago=42, structure="s2", recipient_siret=OTHER)
    _user(house, "alice")
    bob = _user(house, "bob")
    house.users.change_user(bob, "cli", reach=Reach.of([OTHER]))
    house.digests.ask(NewDigest(holders(Role.COMPTABLE), Side.RECEPTIONS), "cli")
    assert _morning(house, diary) == 2
    told = {reader: box[0].text(rank) for rank, reader in enumerate(box[0].readers())}
    assert "F-1 " in told["alice@exemple.fr"]
    assert "F-2 " in told["alice@exemple.fr"]
    assert "F-1 " not in told["bob@exemple.fr"]
    assert "F-2 " in told["bob@exemple.fr"]


def test_a_structure_of_ones_own(house: Gateway, box: Any, diary: Any) -> None:
    _receive(house, 1, days_ago=42)
    _receive(house, 2, days_ago=42, structure="s2")
    house.digests.ask(NewDigest(person(_user(house, "alice")), Side.RECEPTIONS, scope="s2"), "cli")
    _morning(house, diary)
    assert "F-2" in box[0].text()
    assert "F-1 " not in box[0].text()
    assert box[0].subject().endswith("(École d’Exemple)")


def test_a_mail_server_that_fails_half_way_has_nobody_told_twice(house: Gateway, box: Any, diary: Any) -> None:
    for name in ("alice", "bob", "carole"):
        _user(house, name)
    box[0].asleep.add("bob@exemple.fr")
    _receive(house, 1, days_ago=42)
    house.digests.ask(NewDigest(holders(Role.COMPTABLE), Side.RECEPTIONS), "cli")
    _morning(house, diary, 3)
    assert sorted(box[0].readers()) == ["alice@exemple.fr", "carole@exemple.fr"]
    box[0].asleep.clear()
    _morning(house, diary)
    assert sorted(box[0].readers()) == ["alice@exemple.fr", "bob@exemple.fr", "carole@exemple.fr"]
    assert len({letter["Message-ID"] for letter in box[0].letters}) == 3


def test_an_address_refused_for_good_is_not_tried_for_ever(house: Gateway, box: Any, diary: Any) -> None:
    box[0].unknown.add("alice@exemple.fr")
    _receive(house, 1, days_ago=42)
    house.digests.ask(NewDigest(person(_user(house, "alice")), Side.RECEPTIONS), "cli")
    _morning(house, diary)
    box[0].unknown.clear()
    _morning(house, diary, 2)
    assert box[0].letters == []


def test_what_was_asked_is_changed_cancelled_and_previewed(house: Gateway, box: Any, diary: Any) -> None:
    alice = _user(house, "alice")
    _receive(house, 1, days_ago=42)
    asked = house.digests.ask(NewDigest(person(alice), Side.RECEPTIONS), "cli")
    assert house.digests.ask(NewDigest(person(alice), Side.RECEPTIONS, hour=9), "cli").id == asked.id
    assert [one.hour for one in house.digests.of(house.users.get(alice))] == [9]
    (found,) = house.digests.preview(asked)
    assert (found.to, found.leaves) == (("alice@exemple.fr",), True)
    assert [one.leaves for one in house.digests.sample(NewDigest(person(alice), Side.DEPOSITS))] == [False]
    house.digests.cancel(asked.id, "cli")
    assert (_morning(house, diary, 4), house.digests.all(), box[0].letters) == (0, [], [])
    with house.store.read() as conn:
        assert [one.kind for one in journal.read(conn, f"digest/{asked.id}")][-1] == "digest.cancelled"


@pytest.mark.parametrize(
    "wrong",
    [
        NewDigest("role/maire", Side.RECEPTIONS),
        NewDigest(holders(Role.COMPTABLE), Side.RECEPTIONS, hour=24),
        NewDigest(person("nobody"), Side.RECEPTIONS),
        NewDigest(holders(Role.COMPTABLE), Side.RECEPTIONS, scope="nowhere"),
    ],
)
def test_what_cannot_be_is_refused(house: Gateway, wrong: NewDigest) -> None:
    with pytest.raises((Invalid, NotFound)):
        house.digests.ask(wrong, "cli")
    assert house.digests.all() == []
