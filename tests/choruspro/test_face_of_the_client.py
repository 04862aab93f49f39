"""The client's face is small and true: what it exports, what it covers, what each operation says of itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import choruspro
from choruspro import AsyncChorusPro, ChorusPro, Credentials, Environment
from choruspro.operation import AsyncFace, Face


def test_everything_exported_exists_and_is_documented() -> None:
    for name in choruspro.__all__:
        member = getattr(choruspro, name)
        assert name.isupper() or inspect.getdoc(member), name
    public = {name for name, value in vars(choruspro).items() if inspect.isclass(value) or inspect.isfunction(value)}
    assert public <= set(choruspro.__all__)


def test_every_module_class_and_public_method_is_documented() -> None:
    for found in pkgutil.walk_packages(choruspro.__path__, "choruspro."):
        module = importlib.import_module(found.name)
        assert module.__doc__, found.name
        for name in getattr(module, "__all__", ()):
            member = getattr(module, name)
            if inspect.isclass(member) and member.__module__ == module.__name__:
                assert member.__doc__, f"{found.name}.{name}"
                for method, function in inspect.getmembers(member, inspect.isfunction):
                    own = not method.startswith("_") and function.__module__ == module.__name__
                    assert not own or function.__doc__, f"{found.name}.{name}.{method}"
            elif inspect.isfunction(member):
                assert member.__doc__, f"{found.name}.{name}"


def test_each_operation_says_what_it_does_and_where_it_is_specified(
    families: Callable[[], dict[str, Any]], specifications: Path
) -> None:
    operations = families()
    assert len(operations) == 22 + 6 + 36 + 1 + 1 + 2 + 9
    for name, operation in operations.items():
        sentence, _, source = operation.__doc__.rpartition("\n\n")
        assert len(sentence) > 20, name
        page = source.partition(", specifications/")[2]
        assert (specifications / page).is_file(), name
        assert operation.path == f"/cpro/{operation.famille}/v1/{operation.tail}", name


def test_every_known_path_has_its_operation(families: Callable[[], dict[str, Any]], specifications: Path) -> None:
    text = (specifications / "api" / "inventory.md").read_text()
    known: set[str] = set()
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        base = re.search(r"/cpro/(\w+)/v1", section)
        rows = re.findall(r"^\| \d+ \| (?:GET |POST |PATCH )?`([^`,]+)` \|", section, flags=re.MULTILINE)
        known |= {f"{base[1]}/{tail}" for tail in rows} if base else set()
    ours = {operation.name for operation in families().values()}
    assert len(known) > 70
    assert known - ours == {"organisations/siren/recherche"}  # inactive


def test_both_faces_hold_the_same_operations(credentials: Credentials) -> None:
    environment = Environment.at("http://127.0.0.1:1")
    families = {
        name: part for name, part in vars(ChorusPro(environment, credentials)).items() if isinstance(part, Face)
    }
    awaited = AsyncChorusPro(environment, credentials)
    assert len(families) == 7
    for name, family in families.items():
        twin = getattr(awaited, name)
        assert isinstance(twin, AsyncFace)
        for method in (name for name in dir(family) if not name.startswith("_") and name != "famille"):
            assert getattr(family, method).operation is getattr(twin, method).operation


def test_a_client_shows_no_secret(credentials: Credentials) -> None:
    environment = Environment.at("http://127.0.0.1:1")
    for client in (ChorusPro(environment, credentials), AsyncChorusPro(environment, credentials)):
        assert repr(client).endswith("simulateur>")
