"""A passphrase for a command: asked twice at the keyboard, or read in a file; never on the command line."""

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from raccord.cli.secret_files import first_line

if TYPE_CHECKING:
    from raccord.domain.secrets import Secret


def passphrase_given(file: BinaryIO | None, *, confirm: bool) -> "Secret":
    """The first line of the file, or what a person types. Raises a usage error when nobody is there."""
    from raccord.domain.secrets import Secret

    if file is not None:
        return Secret(first_line(file.read()))
    if not sys.stdin.isatty():
        raise click.UsageError("La phrase secrète manque, et personne n’est au clavier : voir --passphrase-file.")
    return Secret(click.prompt("Phrase secrète", hide_input=True, confirmation_prompt=confirm))
