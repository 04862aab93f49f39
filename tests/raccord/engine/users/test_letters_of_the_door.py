"""The links of the door go by letter, to their owner alone; who is unknown gets none and nobody can tell."""

import pytest

from raccord.domain.errors import NotAllowed, Unavailable
from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.engine.users import Letters, Users


class Box:
    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str, str]] = []
        self.closed = False

    def send(self, to, subject: str, text: str) -> None:
        if self.closed:
            raise Unavailable("COURRIEL_NON_ENVOYE", "fermé")
        self.letters.append((list(to), subject, text))


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def house(store, vault, clock, keeper, box) -> Users:
    letters = Letters(box, "https://raccord.exemple.fr/", run=lambda work: work())
    numbers = iter(range(100))
    return Users(store, vault, clock, lambda: f"p{next(numbers)}", keeper=keeper, letters=letters)


def test_an_invitation_is_mailed_with_its_link(house: Users, box: Box):
    token = house.invite("bob@exemple.fr", "Bob", Role.LECTEUR, "cli")
    (to, _, text) = box.letters[0]
    assert to == ["bob@exemple.fr"]
    assert f"https://raccord.exemple.fr/invitation/{token}" in text


def test_a_forgotten_password_is_mailed_to_its_owner_only(house: Users, box: Box):
    house.create_user("alice@exemple.fr", "Alice", Role.SUPERVISEUR, Secret("quatre mots sans rapport"), "cli")
    token = house.reset_link("alice@exemple.fr")
    house.reset_link("eve@exemple.fr")
    assert len(box.letters) == 1
    assert f"/nouveau-mot-de-passe/{token}" in box.letters[0][2]


def test_a_closed_post_office_stops_nothing(house: Users, box: Box):
    box.closed = True
    assert house.invite("bob@exemple.fr", "Bob", Role.LECTEUR, "cli")


def test_the_letters_of_the_door_speak_the_language_of_their_reader(house: Users, box: Box):
    alice = house.create_user("alice@exemple.fr", "Alice", Role.SUPERVISEUR, Secret("quatre mots sans rapport"), "cli")
    house.change_user(alice.id, "cli", language="en")
    token = house.reset_link("alice@exemple.fr")
    (_, subject, text) = box.letters[0]
    assert subject == "Raccord: choose a new password"
    assert text.startswith("Hello Alice,\n\nYou asked to change your Raccord password.")
    assert f"/nouveau-mot-de-passe/{token}\n" in text


def test_a_link_is_mailed_three_times_an_hour_at_most_and_the_page_never_tells(house: Users, box: Box, clock):
    house.create_user("alice@exemple.fr", "Alice", Role.SUPERVISEUR, Secret("quatre mots sans rapport"), "cli")
    for _ in range(10):
        assert house.forgotten("Alice@exemple.fr ") is None
        assert house.forgotten("eve@exemple.fr") is None
    assert len(box.letters) == 3
    clock.advance(minutes=11)
    house.forgotten("alice@exemple.fr")
    assert len(box.letters) == 4


def test_one_network_address_cannot_ask_for_links_without_end(house: Users, box: Box):
    for number in range(20):
        house.forgotten(f"n{number}@exemple.fr", "192.0.2.7")
    with pytest.raises(NotAllowed, match="TROP_D_ESSAIS"):
        house.forgotten("n@exemple.fr", "192.0.2.7")


def test_the_owner_of_a_locked_account_is_told_and_can_come_back_at_once(house: Users, box: Box):
    alice = house.create_user("alice@exemple.fr", "Alice", Role.SUPERVISEUR, Secret("quatre mots sans rapport"), "cli")
    for _ in range(8):
        with pytest.raises(NotAllowed):
            house.sign_in(alice.email, Secret("faux"))
    assert [subject for _, subject, _ in box.letters] == ["Raccord : votre compte est bloqué quelques minutes"]
    assert "bloqué pendant 15 minutes" in box.letters[0][2]
    house.reset_password(house.reset_link(alice.email) or "", Secret("encore une phrase longue"))
    assert house.sign_in(alice.email, Secret("encore une phrase longue"))
