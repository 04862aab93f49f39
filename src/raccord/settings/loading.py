"""Reads the environment and a `.env` file once; the environment wins. The secret `X` may lie in a file, `X_FILE`."""

import os
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from raccord.domain.errors import Misconfigured
from raccord.domain.machine import why
from raccord.settings.catalogue import Settings
from raccord.settings.values import Setting, without_password

PREFIX = "RACCORD_"


def variable(name: str) -> str:
    """The environment variable of a field: `port` is `RACCORD_PORT`."""
    return PREFIX + name.upper()


def catalogue() -> dict[str, Setting]:
    """Every setting by field name, in order."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Read every setting. Raises `Misconfigured` with a French sentence that names the variable at fault."""
    given = os.environ if environ is None else environ
    written = _read_env_file(env_file)
    _refuse_misspelt({*written, *given})
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, setting in catalogue().items():
        text, sources[name] = _find(name, setting, given, written)
        values[name] = _value(name, setting, text)
    return Settings(**_with_derived(values), sources=sources)


def with_port(settings: Settings, port: int) -> Settings:
    """The same settings once the server knows its port (`RACCORD_PORT=0` asks for the first free one)."""
    told = settings.sources.get("public_url", "défaut") != "défaut"
    address = settings.public_url if told else f"http://{settings.host}:{port}"
    return replace(settings, port=port, public_url=address)


def _find(name: str, setting: Setting, given: Mapping[str, str], written: Mapping[str, str]) -> tuple[str, str]:
    key = variable(name)
    for where, source in ((given, "environnement"), (written, "fichier .env")):
        if key in where:
            return where[key], source
        if setting.secret and f"{name}_file" not in catalogue() and where.get(f"{key}_FILE"):
            return _read_secret_file(f"{key}_FILE", where[f"{key}_FILE"]), f"fichier {key}_FILE"
    return setting.default, "défaut"


def _value(name: str, setting: Setting, text: str) -> Any:
    try:
        return setting.read(text)
    except ValueError as error:
        raise Misconfigured(
            "REGLAGE_INVALIDE",
            f"Le réglage {variable(name)} vaut « {without_password(text)} » : il attend {error}. Rien n’a démarré.",
            f"Corrigez {variable(name)} ({setting.help.rstrip('.')}), puis relancez.",
        ) from None


def _with_derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the values whose default depends on another."""
    data: Path = values["data_dir"]
    public_url = values["public_url"] or f"http://{values['host']}:{values['port']}"
    return {
        **values,
        "database_url": values["database_url"] or f"sqlite:///{data / 'raccord.sqlite'}",
        "archive_dir": values["archive_dir"] or data / "archive",
        "master_key_file": values["master_key_file"] or data / "raccord.key",
        "public_url": public_url,
        "smtp_sender": values["smtp_sender"] or f"raccord@{urlsplit(public_url).hostname or 'localhost'}",
    }


def _refuse_misspelt(seen: set[str]) -> None:
    """A misspelt name would silently leave a default in place: it stops the start instead."""
    names = [variable(name) for name in catalogue()]
    known = {*names, *(f"{name}_FILE" for name in names)}
    for key in sorted(seen):
        near = get_close_matches(key, names, n=1, cutoff=0.88) if key.startswith(PREFIX) and key not in known else []
        if near:
            raise Misconfigured(
                "REGLAGE_INCONNU",
                f"Le réglage {key} n’existe pas : vouliez-vous dire {near[0]} ? Rien n’a démarré.",
                "Corrigez son nom ; « raccord settings » donne la liste des réglages.",
            )


def _read_secret_file(key: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            "REGLAGE_FICHIER_ILLISIBLE",
            f"Le fichier indiqué par {key} ne peut pas être lu ({path}) : {_reason(error)}. Rien n’a démarré.",
            "Vérifiez le chemin et les droits de lecture, puis relancez.",
        ) from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return why(error) if isinstance(error, OSError) else "ce n’est pas un texte UTF-8"


def _read_env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    lines = _read_secret_file("« .env »", str(path)).splitlines()
    return dict(pair for pair in map(_env_line, lines) if pair)


def _env_line(line: str) -> tuple[str, str] | None:
    name, sign, value = line.strip().removeprefix("export ").partition("=")
    if not sign or name.startswith("#"):
        return None
    text = value.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return name.strip(), text[1:-1] if quoted else text
