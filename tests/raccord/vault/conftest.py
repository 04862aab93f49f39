"""A vault on a real store, with a clock that does not move."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.vault import MasterKey, Vault

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def shelf(store: Store) -> SecretShelf:
    return SecretShelf(store)


@pytest.fixture
def open_with(shelf: SecretShelf) -> Callable[[MasterKey], Vault]:
    """Opens the vault of this store with a master key, as a fresh process would."""
    ids = itertools.count()

    def opened(master: MasterKey) -> Vault:
        vault = Vault(shelf, master, lambda: NOON, lambda: f"key-{next(ids)}")
        vault.check()
        return vault

    return opened


@pytest.fixture
def master() -> MasterKey:
    return MasterKey.new("test")


@pytest.fixture
def vault(open_with: Callable[[MasterKey], Vault], master: MasterKey) -> Vault:
    return open_with(master)
