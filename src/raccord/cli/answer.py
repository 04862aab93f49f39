"""`raccord answer`: what a supplier answers to a public body about an invoice that it sent."""

from pathlib import Path

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json


@click.command()
@click.argument("deposit_id")
@click.option("--comment", default="", help="Commentaire au destinataire, 2000 caractères au plus.")
@click.option(
    "--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Pièce demandée ; l’option se répète.",
)  # fmt: skip
@click.option("--rejection", is_flag=True, help="Déclarer que le rejet de cette facture est traité.")
@as_json
def answer(deposit_id: str, comment: str, files: tuple[Path, ...], rejection: bool, as_json: bool) -> int:
    """Compléter la facture suspendue DEPOSIT_ID, ou déclarer son rejet traité (--rejection).

    La réponse est gardée tout de suite ; le moteur (raccord serve) l’envoie à Chorus Pro.
    """
    from raccord.domain.answers import AnswerKind, Joined, NewAnswer
    from raccord.formats.sized import read_file

    kind = AnswerKind.REJECTION if rejection else AnswerKind.COMPLETE
    joined = tuple(Joined(file.name, read_file(file)) for file in files)
    with opened() as gateway:
        given = gateway.answering.answer(NewAnswer(deposit_id, kind, comment, joined, author=ACTOR, source="cli"))
    if as_json:
        print_json(given)
    else:
        click.echo(f"Réponse enregistrée ({given.id}). Suivez-la par : raccord status {deposit_id}")
    return Exit.OK
