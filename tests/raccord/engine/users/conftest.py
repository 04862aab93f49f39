"""A house with nobody in it yet, a clock that is set by hand, and cheap password hashes."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from raccord.domain.roles import Role
from raccord.domain.secrets import Secret
from raccord.domain.users import User
from raccord.engine.users import PasswordKeeper, SignInRules, Users
from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.vault import MasterKey, Vault


class HandClock:
    """A clock moved by the test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def vault(store: Store, clock: HandClock) -> Vault:
    ids = itertools.count()
    opened = Vault(SecretShelf(store), MasterKey.new("test"), clock, lambda: f"key-{next(ids)}")
    opened.check()
    return opened


@pytest.fixture
def keeper() -> PasswordKeeper:
    return PasswordKeeper(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def users(store: Store, vault: Vault, clock: HandClock, keeper: PasswordKeeper) -> Users:
    ids = itertools.count(1)
    return Users(store, vault, clock, lambda: f"u{next(ids)}", rules=SignInRules(), keeper=keeper)


@pytest.fixture
def alice(users: Users) -> User:
    """The Superviseur of the building firm."""
    return users.create_user("alice@bati-demo.fr", "Alice", Role.SUPERVISEUR, Secret("quatre mots sans rapport"), "cli")
