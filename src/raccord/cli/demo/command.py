"""The command itself: starts the two processes, plays the story, then stays up or prints its summary."""

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit

if TYPE_CHECKING:
    from raccord.cli.demo.story import Story


@click.command()
@click.option("--once", is_flag=True, help="Jouer l’histoire, écrire un résumé JSON en dernière ligne, tout arrêter.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port de la passerelle (0 : un port libre).")
@click.option(
    "--simulator-port", type=click.IntRange(0, 65535), default=0, help="Port du simulateur (0 : un port libre)."
)
@click.option(
    "--var", type=click.Path(file_okay=False, path_type=Path), default=Path("var"), help="Dossier de données."
)
def demo(once: bool, port: int, simulator_port: int, var: Path) -> int:
    """Raconter toute l’histoire avec un Chorus Pro simulé."""
    from raccord.cli.demo.processes import Bench
    from raccord.cli.demo.stage import Stage
    from raccord.cli.demo.story import Story
    from raccord.cli.house import print_json

    signal.signal(signal.SIGTERM, _as_ctrl_c)
    folder = _fresh(var)
    stage = Stage()
    with Bench(folder) as bench:
        story = Story(bench, stage)
        done = story.play(port=port, simulator_port=simulator_port)
        if done and not once:
            _stay(story, bench)
    if once:
        print_json({"ok": done, "seconds": round(stage.elapsed(), 1), "folder": str(folder), "steps": stage.told})
    return Exit.OK if done else Exit.REFUSED


def _as_ctrl_c(*_: object) -> None:
    raise KeyboardInterrupt


def _fresh(var: Path) -> Path:
    """A folder of its own for each demonstration: nothing of yours is ever touched."""
    folder = (var / "demo" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}").absolute()
    folder.mkdir(parents=True)
    return folder


def _stay(story: "Story", bench: "object") -> None:
    """Print where to look, and wait for Ctrl-C."""
    from raccord.cli.demo.processes import Bench

    assert isinstance(bench, Bench)
    for line in story.addresses():
        click.echo(line)
    try:
        bench.wait()
    except KeyboardInterrupt:
        click.echo("\nArrêt de la démonstration.")
