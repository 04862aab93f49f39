"""How persons enter: no default password, lock-out, sessions that end, links that work once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from raccord.domain.errors import Conflict, Invalid, NotAllowed
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.domain.users import User
from raccord.engine.users import INVITATION, PasswordKeeper, SignInRules, Users
from raccord.store import journal
from raccord.store.database import Store
from raccord.store.tables.core import metadata

GOOD = Secret("quatre mots sans rapport")
OTHER = Secret("encore une phrase longue")


def _code(call) -> str:
    with pytest.raises(NotAllowed) as refusal:
        call()
    return refusal.value.code


def test_the_first_superviseur_comes_by_a_link_once(users: Users):
    token = users.first_link()
    assert token
    first = users.claim_first(token, "Alice@Bati-Demo.fr ", "Alice", GOOD)
    assert (first.role, first.email) == (Role.SUPERVISEUR, "alice@bati-demo.fr")
    assert _code(lambda: users.claim_first(token, "eve@exemple.fr", "Eve", GOOD)) == "LIEN_PERIME"
    assert users.first_link() is None


def test_a_new_first_link_ends_the_one_before(users: Users):
    before, after = users.first_link(), users.first_link()
    assert _code(lambda: users.claim_first(before or "", "eve@exemple.fr", "Eve", GOOD)) == "LIEN_PERIME"
    assert users.claim_first(after or "", "alice@exemple.fr", "Alice", GOOD)


def test_the_first_link_lasts_a_day(users: Users, clock):
    token = users.first_link() or ""
    clock.advance(days=1)
    assert _code(lambda: users.claim_first(token, "a@exemple.fr", "Alice", GOOD)) == "LIEN_PERIME"


def test_sign_in_session_sign_out(users: Users, alice: User):
    opened = users.sign_in("ALICE@bati-demo.fr", GOOD, agent="Firefox")
    signed = users.session(opened.token.reveal())
    assert signed is not None
    assert signed.user.id == alice.id
    assert signed.may(Permission.CONFIGURE)
    assert signed.csrf not in opened.token.reveal()
    users.sign_out(opened.token.reveal())
    assert users.session(opened.token.reveal()) is None


@pytest.mark.parametrize("email", ["alice@bati-demo.fr", "personne@exemple.fr"])
def test_a_refusal_does_not_tell_who_exists(users: Users, alice: User, email: str):
    with pytest.raises(NotAllowed) as refusal:
        users.sign_in(email, Secret("faux"))
    assert refusal.value.code == "CONNEXION_REFUSEE"
    assert email not in str(refusal.value)


def test_five_refusals_lock_the_account_for_a_while(users: Users, alice: User, clock):
    for _ in range(5):
        assert _code(lambda: users.sign_in(alice.email, Secret("faux"))) == "CONNEXION_REFUSEE"
    assert _code(lambda: users.sign_in(alice.email, GOOD)) == "CONNEXION_REFUSEE"
    clock.advance(minutes=15, seconds=1)
    assert users.sign_in(alice.email, GOOD)


def test_a_locked_account_answers_like_an_address_that_nobody_has(users: Users, alice: User):
    """Six wrong passwords for each: the words never tell which of the two exists."""
    told = {}
    for email in (alice.email, "personne@exemple.fr"):
        refusals = []
        for _ in range(7):
            with pytest.raises(NotAllowed) as refusal:
                users.sign_in(email, Secret("faux"))
            refusals.append((refusal.value.code, str(refusal.value)))
        told[email] = refusals
    assert told[alice.email] == told["personne@exemple.fr"]


def test_an_unknown_address_costs_as_many_hashes_and_writes_as_a_known_one(
    users: Users, alice: User, keeper: PasswordKeeper, monkeypatch: pytest.MonkeyPatch, store: Store
):
    """Counted, not timed: verifications of a hash and transactions that write."""
    counts = {"verify": 0, "begin": 0}
    for owner, name in ((keeper, "verify"), (store, "begin")):
        asked = getattr(owner, name)

        def counted(*args, _asked=asked, _name=name):
            counts[_name] += 1
            return _asked(*args)

        monkeypatch.setattr(owner, name, counted)
    seen = []
    for email in (alice.email, "personne@exemple.fr"):
        counts.update(verify=0, begin=0)
        _code(lambda email=email: users.sign_in(email, Secret("faux"), address="192.0.2.9"))
        seen.append(dict(counts))
    assert seen[0] == seen[1] == {"verify": 1, "begin": 2}


def test_a_locked_account_costs_as_much_as_any(users: Users, alice: User, keeper: PasswordKeeper, monkeypatch):
    for _ in range(5):
        _code(lambda: users.sign_in(alice.email, Secret("faux")))
    verified = []
    asked = keeper.verify
    monkeypatch.setattr(keeper, "verify", lambda kept, given: verified.append(1) or asked(kept, given))
    _code(lambda: users.sign_in(alice.email, GOOD))
    assert verified == [1]


def test_links_given_before_do_not_open_a_password_chosen_since(users: Users, alice: User):
    """A letter asked for, then the password changed inside: the letter left in the mailbox opens nothing."""
    forgotten = users.reset_link(alice.email) or ""
    users.change_password(alice.id, GOOD, OTHER)
    assert _code(lambda: users.reset_password(forgotten, GOOD)) == "LIEN_PERIME"


def test_links_die_with_the_access_of_their_owner(users: Users, alice: User):
    token = users.invite("bob@bati-demo.fr", "Bob", Role.LECTEUR, alice.actor)
    bob = next(one for one in users.all() if one.email == "bob@bati-demo.fr")
    users.change_user(bob.id, alice.actor, active=False)
    users.change_user(bob.id, alice.actor, active=True)
    assert _code(lambda: users.accept_invitation(token, OTHER)) == "LIEN_PERIME"


def test_changing_ones_password_ends_the_other_sessions_only(users: Users, alice: User):
    mine, other = (users.sign_in(alice.email, GOOD).token.reveal() for _ in range(2))
    users.change_password(alice.id, GOOD, OTHER, session=mine)
    assert users.session(mine) is not None
    assert users.session(other) is None


def test_an_open_session_is_no_way_to_guess_the_password(users: Users, alice: User, clock):
    codes = [_code(lambda: users.change_password(alice.id, Secret("faux"), OTHER)) for _ in range(11)]
    assert codes == ["MOT_DE_PASSE_REFUSE"] * 10 + ["TROP_D_ESSAIS"]
    clock.advance(minutes=1)
    users.change_password(alice.id, GOOD, OTHER)


def test_a_role_and_a_reach_count_at_the_next_page_of_a_session_already_open(users: Users, alice: User):
    users.create_user("bob@bati-demo.fr", "Bob", Role.SUPERVISEUR, OTHER, alice.actor)
    token = users.sign_in("bob@bati-demo.fr", OTHER).token.reveal()
    before = users.session(token)
    assert before is not None
    assert before.may(Permission.CONFIGURE)
    users.change_user(before.user.id, alice.actor, role=Role.LECTEUR)
    after = users.session(token)
    assert after is not None
    assert not after.may(Permission.CONFIGURE)


def test_the_tries_that_count_no_more_are_forgotten(users: Users, alice: User, store: Store, clock):
    _code(lambda: users.sign_in("personne@exemple.fr", Secret("x"), address="192.0.2.7"))
    users.forgotten("personne@exemple.fr", "192.0.2.8")
    clock.advance(days=1)
    users.purge_sessions()
    with store.read() as conn:
        assert conn.execute(sa.select(metadata.tables["quotas"])).all() == []


def test_one_address_cannot_try_many_names(users: Users, clock):
    codes = [_code(lambda n=n: users.sign_in(f"n{n}@exemple.fr", Secret("x"), address="192.0.2.7")) for n in range(21)]
    assert codes == ["CONNEXION_REFUSEE"] * 20 + ["TROP_D_ESSAIS"]
    clock.advance(seconds=7)
    assert _code(lambda: users.sign_in("n@exemple.fr", Secret("x"), address="192.0.2.7")) == "CONNEXION_REFUSEE"


def test_a_session_ends_when_idle_and_at_the_end_of_its_life(users: Users, alice: User, clock):
    idle = users.sign_in(alice.email, GOOD).token.reveal()
    clock.advance(hours=1)
    assert users.session(idle) is None
    busy = users.sign_in(alice.email, GOOD).token.reveal()
    for _ in range(23):
        clock.advance(minutes=30)
        assert users.session(busy) is not None
    clock.advance(minutes=30)
    assert users.session(busy) is None
    assert users.purge_sessions() == 2


def test_sessions_are_listed_and_revoked_one_by_one(users: Users, alice: User):
    phone = users.sign_in(alice.email, GOOD, agent="téléphone").token.reveal()
    desk = users.sign_in(alice.email, GOOD, agent="bureau").token.reveal()
    listed = {view.agent: view.id for view in users.sessions(alice.id)}
    users.revoke_session(alice.id, listed["téléphone"], alice.actor)
    assert users.session(phone) is None
    assert users.session(desk) is not None
    assert users.sign_out_everywhere(alice.id, alice.actor) == 1


def test_an_invitation_gives_a_password_and_works_once(users: Users, alice: User, clock):
    token = users.invite("bob@bati-demo.fr", "Bob", Role.COMPTABLE, alice.actor)
    assert _code(lambda: users.sign_in("bob@bati-demo.fr", Secret(""))) == "CONNEXION_REFUSEE"
    assert users.link_works(token, INVITATION)
    bob = users.accept_invitation(token, OTHER)
    signed = users.session(users.sign_in(bob.email, OTHER).token.reveal())
    assert signed is not None
    assert not signed.may(Permission.CONFIGURE)
    assert _code(lambda: users.accept_invitation(token, OTHER)) == "LIEN_PERIME"


def test_a_forgotten_password_is_changed_by_a_link_and_ends_the_sessions(users: Users, alice: User):
    session = users.sign_in(alice.email, GOOD).token.reveal()
    assert users.reset_link("personne@exemple.fr") is None
    users.reset_password(users.reset_link(alice.email) or "", OTHER)
    assert users.session(session) is None
    assert _code(lambda: users.sign_in(alice.email, GOOD)) == "CONNEXION_REFUSEE"
    assert users.sign_in(alice.email, OTHER)


def test_an_invitation_cannot_reset_a_password(users: Users, alice: User):
    token = users.invite("bob@bati-demo.fr", "Bob", Role.LECTEUR, alice.actor)
    assert _code(lambda: users.reset_password(token, OTHER)) == "LIEN_PERIME"


@pytest.mark.parametrize("weak", ["court", "aaaaaaaaaaaaaaaa", "mon-nom-alice-1234"])
def test_a_weak_password_is_refused(users: Users, alice: User, weak: str):
    with pytest.raises(Invalid, match="MOT_DE_PASSE_FAIBLE"):
        users.change_password(alice.id, GOOD, Secret(weak))


def test_the_old_password_is_asked_before_a_new_one(users: Users, alice: User):
    assert _code(lambda: users.change_password(alice.id, Secret("faux"), OTHER)) == "MOT_DE_PASSE_REFUSE"
    users.change_password(alice.id, GOOD, OTHER)
    assert users.sign_in(alice.email, OTHER)


def test_the_last_superviseur_stays(users: Users, alice: User):
    with pytest.raises(Conflict, match="DERNIER_SUPERVISEUR"):
        users.change_user(alice.id, alice.actor, active=False)
    with pytest.raises(Conflict, match="DERNIER_SUPERVISEUR"):
        users.change_user(alice.id, alice.actor, role=Role.LECTEUR)
    users.create_user("carol@exemple.fr", "Carol", Role.SUPERVISEUR, OTHER, alice.actor)
    assert not users.change_user(alice.id, alice.actor, active=False).active


def test_who_is_put_out_loses_the_session_at_once(users: Users, alice: User):
    bob = users.create_user("bob@exemple.fr", "Bob", Role.COMPTABLE, OTHER, alice.actor)
    session = users.sign_in(bob.email, OTHER).token.reveal()
    users.change_user(bob.id, alice.actor, active=False)
    assert users.session(session) is None
    assert _code(lambda: users.sign_in(bob.email, OTHER)) == "CONNEXION_REFUSEE"


def test_who_left_is_forgotten_but_the_journal_holds(users: Users, alice: User, store: Store):
    bob = users.create_user("bob@exemple.fr", "Robert Tel", Role.COMPTABLE, OTHER, alice.actor)
    users.erase(bob.id, alice.actor)
    with store.read() as conn:
        dump = str([tuple(row) for table in metadata.sorted_tables for row in conn.execute(sa.select(table))])
        assert journal.verify(conn).intact
    assert "Robert Tel" not in dump
    assert "bob@exemple.fr" not in dump


def test_two_persons_cannot_share_an_address(users: Users, alice: User):
    with pytest.raises(Conflict, match="UTILISATEUR_EXISTE"):
        users.create_user("ALICE@bati-demo.fr", "Alias", Role.LECTEUR, OTHER, alice.actor)


def test_a_password_is_kept_at_its_full_price():
    """64 MiB, three passes: the tests of the faces use a cheaper keeper, the product none but this one."""
    assert PasswordKeeper().hash(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_hash_with_old_costs_is_made_again_at_sign_in(store, vault, clock, users: Users, alice: User, keeper):
    dearer = PasswordKeeper(PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    later = Users(store, vault, clock, lambda: "x", rules=SignInRules(), keeper=dearer)
    later.sign_in(alice.email, GOOD)
    with store.read() as conn:
        kept = conn.scalar(sa.text("SELECT password_hash FROM users"))
    assert not dearer.is_old(kept)
    assert keeper.is_old(kept)


def test_neither_passwords_nor_tokens_lie_in_the_database(users: Users, alice: User, store: Store):
    token = users.sign_in(alice.email, GOOD).token.reveal()
    invitation = users.invite("bob@exemple.fr", "Bob", Role.LECTEUR, alice.actor)
    with store.read() as conn:
        dump = str([tuple(row) for table in metadata.sorted_tables for row in conn.execute(sa.select(table))])
    for secret in (GOOD.reveal(), token, invitation):
        assert secret not in dump


def test_every_act_is_in_the_journal_with_its_author(users: Users, alice: User, store: Store):
    users.sign_in(alice.email, GOOD)
    with store.read() as conn:
        events = journal.read(conn, f"user/{alice.id}")
    assert [(event.kind, event.actor) for event in events] == [
        ("user.created", "cli"),
        ("user.signed_in", alice.actor),
    ]
    assert timedelta(0) == events[0].at - events[1].at
