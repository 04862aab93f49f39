"""The help of every command in French: click writes its headings, its own options and its kinds in English."""

import re
from collections.abc import Iterable

import click

_HEADINGS = {"Options": "Options", "Arguments": "Arguments", "Commands": "Commandes"}
_SENTENCES = {
    "Show this message and exit.": "Afficher cette aide.",
    "Show the version and exit.": "Afficher la version.",
}
_KINDS = (
    ("INTEGER RANGE", "ENTIER"),
    ("FLOAT RANGE", "NOMBRE"),
    ("INTEGER", "ENTIER"),
    ("FLOAT", "NOMBRE"),
    ("DIRECTORY", "DOSSIER"),
    ("FILENAME", "FICHIER"),
    ("FILE", "FICHIER"),
    ("PATH", "CHEMIN"),
    ("TEXT", "TEXTE"),
    ("[%Y-%m-%d]", "DATE"),
)
_ARGUMENTS = re.compile(r"\bTEXT\b")
_KIND = re.compile("|".join(rf"(?<=\s){re.escape(english)}$" for english, _ in _KINDS))


class FrenchFormatter(click.HelpFormatter):
    """Writes a help page with French headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        super().write_usage(
            prog, _ARGUMENTS.sub("TEXTE", args.replace("COMMAND [ARGS]", "COMMANDE [MOTS]")), prefix or "Usage : "
        )

    def write_heading(self, heading: str) -> None:
        """The heading of a part."""
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)} :\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """The options, or the commands, each with its words."""
        super().write_dl([(in_french(name), words_in_french(words)) for name, words in rows], col_max, col_spacing)


class FrenchContext(click.Context):
    """The context of a command whose help is in French."""

    formatter_class = FrenchFormatter


def in_french(name: str) -> str:
    """`--port INTEGER RANGE` as people read it: `--port ENTIER`."""
    return _KIND.sub(lambda found: dict(_KINDS)[found[0]], name)


def words_in_french(words: str) -> str:
    """The words beside an option: those of click, and the default, the bounds, the need that it adds."""
    words = _SENTENCES.get(words.strip(), words)
    return words.replace("[default: ", "[par défaut : ").replace("required]", "obligatoire]")


def spoken(command: click.Command) -> click.Command:
    """The same command, and those below it, with their help in French."""
    command.context_class = FrenchContext
    if isinstance(command, click.Group):
        for below in command.commands.values():
            spoken(below)
    return command
