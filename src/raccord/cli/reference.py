"""The page `docs/reference/cli.md`, made from the commands themselves."""

import click

from raccord.cli.exits import MEANINGS
from raccord.cli.french import in_french, words_in_french
from raccord.cli.main import COMMANDS, cli

_HEAD = """# La ligne de commande

Page écrite par `scripts/reference_cli.py` à partir du code : ne pas la modifier à la main.

`raccord --help` liste les commandes ; `raccord COMMANDE --help`, leurs options. Avec `--json`, une commande répond
par un document JSON sur la sortie standard ; ce qui s’adresse à une personne va sur la sortie d’erreur.

## Codes de sortie

| Code | Sens |
|---|---|
"""


def page() -> str:
    """The whole page, in Markdown."""
    codes = "".join(f"| {int(code)} | {meaning} |\n" for code, meaning in MEANINGS.items())
    context = click.Context(cli, info_name="raccord")
    return _HEAD + codes + "".join(_section(context, name) for name in COMMANDS)


def _section(context: click.Context, name: str) -> str:
    command = cli.get_command(context, name)
    assert command is not None
    below = click.Context(command, info_name=f"raccord {name}", parent=None)
    usage = " ".join(["raccord", name, *command.collect_usage_pieces(below)])
    return f"\n## {name}\n\n```\n{usage}\n```\n\n{_help(command)}\n{_options(command, below)}"


def _help(command: click.Command) -> str:
    return "\n".join(line.strip() for line in (command.help or "").strip().splitlines())


def _options(command: click.Command, context: click.Context) -> str:
    records = [one.get_help_record(context) for one in command.get_params(context) if isinstance(one, click.Option)]
    shown = [record for record in records if record and "--help" not in record[0]]
    if not shown:
        return ""
    return "\n| Option | Effet |\n|---|---|\n" + "".join(
        f"| `{in_french(name)}` | {words_in_french(words)} |\n" for name, words in shown
    )
