"""`raccord search`: find an invoice by any of its words."""

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, money, opened, print_json, show, table

_KINDS = {"reception": "reçue", "deposit": "déposée"}


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(["reception", "deposit"]), help="Chercher seulement parmi ce genre.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Repère donné par la réponse précédente.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Nombre de réponses.")
@as_json
def search(text: tuple[str, ...], kind: str | None, after: int, limit: int, *, as_json: bool) -> int:
    """Chercher une facture par fournisseur, numéro, engagement, ligne ou montant."""
    from raccord.domain.statuses import label

    with opened() as gateway:
        found = gateway.finder.search(" ".join(text), kind or "", limit, after)
    if as_json:
        print_json({"items": list(found.items), "next": found.next})
        return Exit.OK
    lines = table("Facture", "Genre", "Tiers", "Montant", "Statut")
    for one in found.items:
        amount = money(one.amount, one.currency)
        lines.add_row(one.number, _KINDS[one.kind], one.party, amount, label(one.platform_status))
    show(lines if found.items else "Aucune facture ne correspond.")
    if found.next:
        click.echo(f"Suite : --after {found.next}")
    return Exit.OK
