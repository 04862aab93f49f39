"""The settings as people read them: `raccord settings` and `docs/reference/parametres.md`. Secrets stay hidden."""

from dataclasses import dataclass

from raccord.settings.catalogue import Settings
from raccord.settings.loading import catalogue, variable
from raccord.settings.values import Setting, without_password


@dataclass(frozen=True)
class SettingLine:
    """One setting, shown."""

    name: str
    value: str
    """Dots for a secret that is set."""
    default: str
    unit: str
    help: str
    secret: bool
    source: str
    """`défaut`, `environnement`, `fichier .env` or `fichier <name>_FILE`."""


def describe(settings: Settings) -> tuple[SettingLine, ...]:
    """One line per setting, in order."""
    return tuple(_line(settings, name, setting) for name, setting in catalogue().items())


def _line(settings: Settings, name: str, setting: Setting) -> SettingLine:
    value = getattr(settings, name)
    shown = ("••••" if value else "") if setting.secret else _shown(value)
    source = settings.sources.get(name, "défaut")
    return SettingLine(variable(name), shown, setting.default, setting.unit, setting.help, setting.secret, source)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else without_password(str(value))


def reference_page() -> str:
    """The page `docs/reference/parametres.md`, made from the code."""
    rows = (_row(name, setting) for name, setting in catalogue().items())
    return "\n".join([*_HEAD, *rows, ""])


_HEAD = (
    "# Paramètres",
    "",
    "<!-- Page produite par scripts/reference_settings.py : ne pas la modifier à la main. -->",
    "",
    "Chaque paramètre est une variable d’environnement, ou une ligne du fichier `.env` du dossier de démarrage",
    "(l’environnement l’emporte). Un secret peut être placé dans un fichier : `RACCORD_X_FILE` en donne le chemin.",
    "Une valeur impossible arrête le démarrage par une phrase qui nomme la variable.",
    "`raccord settings` montre les valeurs en cours, secrets masqués.",
    "",
    "| Variable | Rôle | Défaut | Unité |",
    "|---|---|---|---|",
)


def _row(name: str, setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default else "vide"
    also = f" (ou `{variable(name)}_FILE`)" if setting.secret else ""
    return f"| `{variable(name)}`{also} | {setting.help} | {default} | {setting.unit} |"
