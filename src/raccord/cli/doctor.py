"""`raccord doctor`: the ladder of each connection, the cause, the steps of the cure."""

from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit, exit_of_cause
from raccord.cli.house import ACTOR, as_json, moment, opened, print_json

if TYPE_CHECKING:
    from raccord.domain.verdict import Verdict

_MARKS = {"passed": "✔", "attention": "!", "failed": "✘", "skipped": "·"}
_COLOURS = {"passed": "green", "attention": "yellow", "failed": "red", "skipped": None}


@click.command()
@click.argument("connection", required=False, default="")
@click.option("--retry", is_flag=True, help="Rejouer un mot de passe déjà refusé (cinq refus bloquent le compte).")
@as_json
def doctor(connection: str, retry: bool, as_json: bool) -> int:
    """Examiner CONNECTION (toutes par défaut). Rien n’est modifié dans Chorus Pro.

    Un mot de passe que Chorus Pro a déjà refusé n’est pas rejoué, pour ne pas bloquer le compte : --retry le demande.
    """
    with opened() as gateway:
        chosen = [gateway.connections.find(connection)] if connection else gateway.connections.all()
        verdicts = [(one.label, gateway.connections.test(one.id, ACTOR, force=retry)) for one in chosen]
    if as_json:
        print_json([_document(label, verdict) for label, verdict in verdicts])
    elif not verdicts:
        click.echo("Aucune connexion à Chorus Pro n’est réglée. Pour en créer une : raccord connect NOM")
    else:
        for label, verdict in verdicts:
            _tell(label, verdict)
    return _exit([verdict for _, verdict in verdicts])


def _exit(verdicts: "list[Verdict]") -> Exit:
    """The code of the first red light; an amber one works."""
    for verdict in verdicts:
        if verdict.light.value == "rouge":
            return exit_of_cause(verdict.cause.family if verdict.cause else "")
    return Exit.OK


def _document(label: str, verdict: "Verdict") -> dict[str, object]:
    return {
        "connection": label,
        "at": verdict.at,
        "light": verdict.light.value,
        "sentence": verdict.light.sentence,
        "rungs": list(verdict.rungs),
        "causes": [
            {"code": one.cause.code, "percent": one.percent, "sentence": one.sentence, "steps": one.cause.steps}
            for one in verdict.suspicions
        ],
    }


def _tell(label: str, verdict: "Verdict") -> None:
    colour = {"vert": "green", "orange": "yellow", "rouge": "red"}.get(verdict.light.value)
    click.echo(click.style(f"{label} : {verdict.light.sentence}", fg=colour, bold=True))
    for rung in verdict.rungs:
        mark = click.style(_MARKS[rung.state.value], fg=_COLOURS[rung.state.value])
        click.echo(f"  {mark} {rung.title} : {rung.sentence}")
        if rung.evidence and rung.state.value in ("failed", "attention"):
            proof = rung.evidence.replace("\n", "\n               ")
            click.echo(click.style(f"      preuve : {proof}", dim=True))
    if verdict.retry_at:
        click.echo(f"  Un nouvel essai est prévu de lui-même le {moment(verdict.retry_at)}.")
    for one in verdict.suspicions[:1]:
        click.echo(f"\n  {one.cause.title} ({one.percent} %, {one.cause.code})\n  {one.sentence}")
        for number, step in enumerate(one.cause.steps, 1):
            click.echo(f"    {number}. {step}")
    for one in verdict.suspicions[1:]:
        click.echo(
            f"\n  Autre cause possible : {one.cause.title} ({one.percent} %, {one.cause.code})\n  {one.sentence}"
        )
