"""`raccord events`: the journal, to read or to follow by a cursor; `--verify` checks its seals."""

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, moment, opened, print_json


@click.command()
@click.option("--after", type=click.IntRange(min=0), default=0, show_default=True, help="Dernier numéro déjà lu.")
@click.option("--subject", default="", help="Objet exact, par exemple deposit/<identifiant>.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Nombre d’événements.")
@click.option("--verify", is_flag=True, help="Vérifier les scellés de toute la chaîne.")
@as_json
def events(after: int, subject: str, limit: int, verify: bool, as_json: bool) -> int:
    """Lire le journal, du plus ancien au plus récent."""
    with opened() as gateway:
        verdict = gateway.journal.verify() if verify else None
        found = () if verify else gateway.journal.read(subject=subject, after=after, limit=limit)
    if verdict is not None:
        sentence = (
            "Le journal est intact." if verdict.intact else f"La chaîne est rompue à l’événement {verdict.broken_at}."
        )
        print_json(verdict) if as_json else click.echo(sentence)
        return Exit.OK if verdict.intact else Exit.REFUSED
    if as_json:
        print_json(list(found))
        return Exit.OK
    from raccord.web.sentences import told

    for event in found:
        click.echo(f"{event.seq:>6}  {moment(event.at)}  {told(event)}  [{event.subject}, {event.actor}]")
    return Exit.OK
