"""The second factor is accepted once; a key carries its scopes, never more than its owner, until its end."""

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.errors import Conflict, Invalid, NotAllowed
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.domain.users import User
from raccord.engine.users import SignInRules, Users
from raccord.engine.users.room import hash_of
from raccord.store.database import Store
from raccord.store.tables.core import metadata

GOOD = Secret("quatre mots sans rapport")


@pytest.fixture
def enrolled(users: Users, alice: User, clock) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Alice with a second factor, on a fresh code."""
    totp = pyotp.TOTP(users.totp_begin(alice.id).secret.reveal())
    codes = users.totp_confirm(alice.id, totp.at(clock()))
    clock.advance(seconds=60)
    return totp, codes


def _code(call) -> str:
    with pytest.raises(NotAllowed) as refusal:
        call()
    return refusal.value.code


def test_sign_in_asks_for_the_code_then_takes_it_once(users: Users, alice: User, clock, enrolled):
    totp, _ = enrolled
    code = totp.at(clock())
    assert _code(lambda: users.sign_in(alice.email, GOOD)) == "CODE_DEMANDE"
    signed = users.session(users.sign_in(alice.email, GOOD, code).token.reveal())
    assert signed is not None
    assert signed.second_factor
    assert _code(lambda: users.sign_in(alice.email, GOOD, code)) == "CODE_REFUSE"


def test_an_older_code_is_refused_after_a_newer_one(users: Users, alice: User, clock, enrolled):
    totp, _ = enrolled
    users.sign_in(alice.email, GOOD, totp.at(clock() + timedelta(seconds=30)))
    assert _code(lambda: users.sign_in(alice.email, GOOD, totp.at(clock()))) == "CODE_REFUSE"


def test_an_enrolment_not_confirmed_asks_nothing(users: Users, alice: User):
    users.totp_begin(alice.id)
    assert users.sign_in(alice.email, GOOD)


def test_a_wrong_first_code_confirms_nothing(users: Users, alice: User):
    users.totp_begin(alice.id)
    assert _code(lambda: users.totp_confirm(alice.id, "abcdef")) == "CODE_REFUSE"
    assert not users.get(alice.id).totp_enabled


@pytest.mark.parametrize("typed", ["１２３４５６", "é", "\ud800", "", "000000-000000", "1" * 5000])
def test_whatever_is_typed_for_a_code_is_refused_not_broken(users: Users, alice: User, enrolled, typed: str):
    with pytest.raises(NotAllowed):
        users.sign_in(alice.email, GOOD, typed)


def test_a_code_mistyped_keeps_the_drawing_already_photographed(users: Users, alice: User, clock):
    drawn = users.totp_begin(alice.id)
    assert _code(lambda: users.totp_confirm(alice.id, "000000")) == "CODE_REFUSE"
    assert users.totp_again(alice.id).uri == drawn.uri
    assert users.totp_confirm(alice.id, pyotp.TOTP(drawn.secret.reveal()).at(clock()))


def test_a_second_factor_ends_the_sessions_opened_without_it(users: Users, alice: User, clock):
    mine, other = (users.sign_in(alice.email, GOOD).token.reveal() for _ in range(2))
    secret = users.totp_begin(alice.id).secret.reveal()
    users.totp_confirm(alice.id, pyotp.TOTP(secret).at(clock()), session=mine)
    assert users.session(mine) is not None
    assert users.session(other) is None


def test_the_recovery_codes_of_an_active_factor_are_not_made_again_in_passing(
    users: Users, alice: User, clock, enrolled
):
    totp, _ = enrolled
    with pytest.raises(Conflict, match="SECOND_FACTEUR_ACTIF"):
        users.totp_confirm(alice.id, totp.at(clock()))


def test_an_open_session_is_no_way_to_guess_the_code_that_removes_the_factor(users: Users, alice: User, enrolled):
    codes = [_code(lambda: users.totp_disable(alice.id, alice.actor, "000000")) for _ in range(12)]
    assert codes[-1] == "TROP_D_ESSAIS"
    assert users.get(alice.id).totp_enabled


def test_an_active_second_factor_is_not_replaced_in_passing(users: Users, alice: User, enrolled):
    with pytest.raises(Conflict, match="SECOND_FACTEUR_ACTIF"):
        users.totp_begin(alice.id)


def test_a_recovery_code_works_once(users: Users, alice: User, enrolled):
    _, codes = enrolled
    assert len(set(codes)) == 8
    assert users.sign_in(alice.email, GOOD, codes[3].upper())
    assert _code(lambda: users.sign_in(alice.email, GOOD, codes[3])) == "CODE_REFUSE"


def test_only_its_owner_with_a_code_or_another_person_removes_it(users: Users, alice: User, enrolled):
    assert _code(lambda: users.totp_disable(alice.id, alice.actor, "000000")) == "CODE_REFUSE"
    users.totp_disable(alice.id, "user/other")
    assert users.sign_in(alice.email, GOOD)


def test_guessing_codes_locks_the_account(users: Users, alice: User, enrolled):
    for _ in range(5):
        _code(lambda: users.sign_in(alice.email, GOOD, "x"))
    assert _code(lambda: users.sign_in(alice.email, GOOD, "x")) == "CONNEXION_REFUSEE"


def test_a_house_may_demand_a_second_factor_of_its_superviseurs(store, vault, clock, users, alice: User, keeper):
    strict = Users(store, vault, clock, lambda: "x", rules=SignInRules(require_totp=True), keeper=keeper)
    signed = strict.session(strict.sign_in(alice.email, GOOD).token.reveal())
    assert signed is not None
    assert signed.must_enrol


def test_the_secret_of_the_second_factor_lies_nowhere_in_clear(users: Users, alice: User, store: Store, enrolled):
    totp, codes = enrolled
    with store.read() as conn:
        dump = str([tuple(row) for table in metadata.sorted_tables for row in conn.execute(sa.select(table))])
    assert totp.secret not in dump
    assert not any(code in dump or hash_of(code) in dump for code in codes)


def test_a_key_opens_what_its_scopes_say(users: Users, alice: User):
    made = users.create_key("Optim’BTP", frozenset({Permission.READ, Permission.DEPOSIT}), alice.id)
    principal = users.api_key(made.key.reveal())
    assert principal is not None
    assert (principal.label, principal.actor) == ("Optim’BTP", f"key/{made.view.id}")
    assert principal.may(Permission.DEPOSIT)
    assert not principal.may(Permission.CONFIGURE)
    assert made.key.reveal() not in repr(made)


def test_a_key_never_exceeds_its_owner(users: Users, alice: User):
    bob = users.create_user("bob@exemple.fr", "Bob", Role.COMPTABLE, Secret("encore une phrase"), alice.actor)
    with pytest.raises(Invalid, match="CLE_DROIT_EXCESSIF"):
        users.create_key("ERP", frozenset({Permission.CONFIGURE}), bob.id)
    made = users.create_key("ERP", frozenset({Permission.DEPOSIT, Permission.READ}), bob.id)
    users.change_user(bob.id, alice.actor, role=Role.LECTEUR)
    principal = users.api_key(made.key.reveal())
    assert principal is not None
    assert principal.permissions == {Permission.READ}


def test_a_key_ends_at_its_date_when_revoked_and_with_its_owner(users: Users, alice: User, clock):
    bob = users.create_user("bob@exemple.fr", "Bob", Role.COMPTABLE, Secret("encore une phrase"), alice.actor)
    scopes = frozenset({Permission.READ})
    dated = users.create_key("datée", scopes, bob.id, clock() + timedelta(days=1))
    revoked = users.create_key("révoquée", scopes, bob.id)
    owned = users.create_key("de Bob", scopes, bob.id)
    assert all(users.api_key(one.key.reveal()) for one in (dated, revoked, owned))
    clock.advance(days=1)
    users.revoke_key(revoked.view.id, alice.actor)
    users.change_user(bob.id, alice.actor, active=False)
    assert not any(users.api_key(one.key.reveal()) for one in (dated, revoked, owned))


def test_a_key_whose_secret_part_differs_is_refused(users: Users, alice: User):
    made = users.create_key("ERP", frozenset({Permission.READ}), alice.id)
    assert users.api_key(made.key.reveal()[:-1] + "!") is None
    assert users.api_key("rac_") is None


@given(st.text())
def test_any_text_hashes_without_an_error(text: str):
    assert len(hash_of(text)) == 64
