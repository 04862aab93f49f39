"""A command written wrongly, in French: click tells it in English."""

from functools import singledispatch

import click
from click.exceptions import BadOptionUsage, MissingParameter, NoSuchOption

_FROM_CLICK = (
    ("does not exist", "ce fichier ou ce dossier n’existe pas"),
    ("is a directory", "c’est un dossier, il faut un fichier"),
    ("is a file", "c’est un fichier, il faut un dossier"),
    ("is not readable", "il ne peut pas être lu"),
    ("is not writable", "il ne peut pas être écrit"),
    ("No such file", "ce fichier n’existe pas"),
    ("Permission denied", "l’accès à ce fichier est refusé"),
    ("is not in the range", "ce nombre est hors des limites"),
    ("is not a valid integer", "il faut un nombre entier"),
    ("is not a valid float", "il faut un nombre"),
    ("is not one of", "ce n’est pas un des choix possibles"),
    ("does not match the formats", "il faut une date AAAA-MM-JJ, ou une date et une heure AAAA-MM-JJTHH:MM"),
    ("does not match the format", "il faut une date AAAA-MM-JJ"),
)


def sentence_of(error: click.ClickException) -> str:
    """What is wrong with the command, and where its help is."""
    context = getattr(error, "ctx", None)
    help_of = context.command_path if context else "raccord"
    return f"{_told(error)} Pour l’aide de la commande : {help_of} --help"


@singledispatch
def _told(error: click.ClickException) -> str:
    message = error.message.rstrip(".")
    if message.startswith("No such command"):
        return f"La commande {message.removeprefix('No such command ')} n’existe pas."
    if message.startswith("Got unexpected extra argument"):
        return f"Un mot est de trop : {message.partition('(')[2].rstrip(')')}."
    return f"{message}."


@_told.register
def _(error: NoSuchOption) -> str:
    near = f" Vouliez-vous dire {' ou '.join(error.possibilities)} ?" if error.possibilities else ""
    return f"L’option {error.option_name} n’existe pas.{near}"


@_told.register
def _(error: BadOptionUsage) -> str:
    return f"L’option {error.option_name} attend une valeur, ou n’en prend pas."


@_told.register
def _(error: click.BadParameter) -> str:
    return f"{_name(error)} : {_why(error.message)}."


@_told.register
def _(error: MissingParameter) -> str:
    return f"Il manque {_name(error)}."


@_told.register
def _(error: click.FileError) -> str:
    return f"Le fichier « {error.ui_filename} » ne peut pas être lu : {_why(error.message)}."


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return f"« {error.param_hint} »" if error.param_hint else "un mot de la commande"
    named = error.param.opts[-1] if isinstance(error.param, click.Option) else error.param.human_readable_name
    return f"« {named} »"


def _why(message: str) -> str:
    """The reason in French, then the words of click where they hold a name or a list that helps."""
    for english, french in _FROM_CLICK:
        if english in message:
            quoted = message.partition("'")[2].partition("'")[0]
            rest = (
                message.partition(english)[2].strip(" .:")
                if english in ("is not in the range", "is not one of")
                else ""
            )
            return " ".join(part for part in (f"« {quoted} »," if quoted else "", french, rest and f"({rest})") if part)
    return message.rstrip(".")
