"""`raccord simulator`: starts the simulator by its name; the gateway and the simulator share no import."""

import os
import sys

import click


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.pass_context
def simulator(ctx: click.Context) -> None:
    """Démarrer le simulateur de Chorus Pro (options : `raccord simulator --help`)."""
    words = [sys.executable, "-m", "chorus_simulator", *ctx.args]
    os.execv(sys.executable, words)  # noqa: S606  # this process becomes the simulator: signals reach it directly
