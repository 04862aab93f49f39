"""`raccord reconcile`: what Chorus Pro knows that Raccord does not, shown first, taken in with `--apply`."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, money, opened, print_json, show, table

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway
    from raccord.engine.reconciliation.difference import Difference


@click.command()
@click.argument("connection", required=False, default="")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="À partir de ce jour ; sans elle, depuis la sauvegarde restaurée, sinon sur trente jours.",
)
@click.option("--apply", "applying", is_flag=True, help="Prendre en compte les écarts ; sans elle, rien n’est changé.")
@as_json
def reconcile(*, connection: str, since: datetime | None, applying: bool, as_json: bool) -> int:
    """Demander à Chorus Pro ce qui s’est passé et que Raccord ne sait pas, pour CONNECTION ou pour toutes.

    Sans --apply, les écarts sont montrés et rien n’est changé. Aucune facture n’est envoyée.
    """
    from raccord.domain.clock import first_instant

    begin = first_instant(since.date()) if since else None
    with opened() as gateway:
        chosen = [gateway.connections.find(connection)] if connection else _enabled(gateway)
        found = [(one, _asked(gateway, one, begin, applying=applying)) for one in chosen]
        working = gateway.jobs.liveness.alive()
    if as_json:
        print_json([_plain(one, difference) for one, difference in found])
        return Exit.OK
    for one, difference in found:
        _tell(one, difference)
    if applying and not working:
        click.echo("Aucun service ne travaille : les factures reçues seront téléchargées au prochain démarrage.")
    if not applying and any(difference.total for _, difference in found):
        click.echo("Rien n’a été changé. Pour prendre en compte ces écarts : raccord reconcile --apply")
    return Exit.OK


def _enabled(gateway: "Gateway") -> "list[Connection]":
    return [one for one in gateway.connections.all() if one.enabled]


def _asked(gateway: "Gateway", connection: "Connection", since: datetime | None, *, applying: bool) -> "Difference":
    if applying:
        return gateway.reconciliation.apply(connection.id, ACTOR, since)
    return gateway.reconciliation.compare(connection.id, since)


def _tell(connection: "Connection", difference: "Difference") -> None:
    from raccord.domain.clock import PARIS

    day = f"{difference.since.astimezone(PARIS):%d/%m/%Y}"
    if not difference.total:
        click.echo(f"{connection.label} : depuis le {day}, Raccord et Chorus Pro disent la même chose.")
    else:
        done = "écarts pris en compte" if difference.applied else "écarts"
        click.echo(f"{connection.label} : {done} depuis le {day}")
        for finding, count in difference.counts.items():
            click.echo(f"{count:>8}  {finding.label}")
        _tell_lines(difference)
    if difference.elsewhere:
        click.echo(f"{difference.elsewhere:>8}  Saisies sur le portail : elles restent en dehors de Raccord")
    if difference.waiting:
        click.echo(f"{difference.waiting:>8}  En attente, absentes de Chorus Pro : elles partiront à la reprise")


def _tell_lines(difference: "Difference") -> None:
    lines = table("Facture", "Écart", "Tiers", "Montant", "Dans Raccord", "Dans Chorus Pro")
    for one in difference.lines:
        amount = money(one.amount, one.currency)
        lines.add_row(one.number, one.finding.label, one.party, amount, one.here or "—", one.there)
    show(lines)


def _plain(connection: "Connection", difference: "Difference") -> dict[str, object]:
    return {
        "connection": connection.label,
        "since": difference.since,
        "applied": difference.applied,
        "counts": {finding.value: count for finding, count in difference.counts.items()},
        "lines": list(difference.lines),
        "elsewhere": difference.elsewhere,
        "waiting": difference.waiting,
    }
