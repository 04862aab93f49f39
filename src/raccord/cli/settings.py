"""`raccord settings`: every setting, its value, where it comes from."""

import click

from raccord.cli.house import as_json, print_json, show, table


@click.command()
@as_json
def settings(as_json: bool) -> None:
    """Montrer les réglages, secrets masqués."""
    from raccord.settings import describe, load_settings

    lines = describe(load_settings())
    if as_json:
        print_json(list(lines))
        return
    shown = table("Variable", "Valeur", "Ce que c’est")
    for line in lines:
        shown.add_row(line.name, f"{line.value} {line.unit or ''}".strip(), line.help)
    show(shown)
