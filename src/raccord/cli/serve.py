"""`raccord serve` and `raccord worker`: the processes that stay."""

import errno
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, opened, print_json
from raccord.domain.errors import Misconfigured, RaccordError, Unavailable

if TYPE_CHECKING:
    import uvicorn
    from litestar import Litestar

    from raccord.settings import Settings


@click.command()
@click.option("--host", default=None, help="Adresse d’écoute (RACCORD_HOST).")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="Port d’écoute (RACCORD_PORT) ; 0 : un port libre."
)
@click.option(
    "--no-engine", is_flag=True, help="Écrans et API seulement ; les moteurs tournent ailleurs (raccord worker)."
)
@as_json
def serve(host: str | None, port: int | None, no_engine: bool, as_json: bool) -> None:
    """Démarrer la passerelle : écrans, API et moteur, dans un seul processus."""
    from raccord.settings import load_settings
    from raccord.wiring import build_web

    signal.signal(signal.SIGTERM, _end)  # uvicorn gives the signal back once it has stopped listening
    signal.signal(signal.SIGINT, _interrupt)  # asyncio's own handler may lose a Ctrl-C that comes back at the very end
    settings = load_settings()
    listener = _listen(host or settings.host, settings.port if port is None else port)
    settings = _reached_at(settings, listener)
    with opened(settings, working=not no_engine) as gateway:
        app = build_web(gateway, settings)
        _welcome(settings, gateway.users.first_link(), as_json=as_json)
        web_server(app, settings).run(sockets=[listener])


def web_server(app: "Litestar", settings: "Settings") -> "uvicorn.Server":
    """The server of these pages. Who calls is read from the head of the request for the trusted proxies alone."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_config=None,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=10,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )
    return uvicorn.Server(config)


def _end(*_: object) -> None:
    """A service that is asked to end ends well: what was opened is closed on the way out."""
    sys.exit(Exit.OK)


def _interrupt(*_: object) -> None:
    """Ctrl-C, as Python raises it."""
    raise KeyboardInterrupt


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is opened, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _refused(host, port, error) from error
    listener.listen(2048)
    return listener


def _refused(host: str, port: int, error: OSError) -> RaccordError:
    if error.errno == errno.EADDRINUSE:
        return Unavailable(
            "PORT_PRIS",
            f"Le port {port} est déjà pris par un autre programme, peut-être un autre Raccord. Rien n’a démarré.",
            "Arrêtez ce programme, ou choisissez un autre port avec --port ou RACCORD_PORT.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return Misconfigured(
            "PORT_RESERVE",
            f"Le système réserve le port {port} à d’autres utilisateurs. Rien n’a démarré.",
            "Choisissez un port au-dessus de 1024 avec --port ou RACCORD_PORT.",
        )
    return Misconfigured(
        "ADRESSE_D_ECOUTE",
        f"« {host} » n’est pas une adresse de cette machine : Raccord ne peut pas y écouter. Rien n’a démarré.",
        "Écrivez 127.0.0.1 (cette machine seule) ou 0.0.0.0 (toutes ses adresses) dans RACCORD_HOST ou --host.",
    )


def _reached_at(settings: "Settings", listener: socket.socket) -> "Settings":
    from raccord.settings import with_port

    return with_port(settings, listener.getsockname()[1])


def _welcome(settings: "Settings", first_link: str | None, *, as_json: bool) -> None:
    link = f"{settings.public_url}/premier-acces/{first_link}" if first_link else ""
    if as_json:
        print_json({"ready": True, "address": settings.public_url, "first_access": link})
        return
    click.echo(f"Raccord écoute à l’adresse {settings.public_url}")
    if link:
        click.echo(f"Premier accès, à ouvrir une fois : {link}")


@click.command()
@as_json
def worker(as_json: bool) -> None:
    """Démarrer un moteur, sans écran. Plusieurs travaillent ensemble sur PostgreSQL ; sur SQLite, un seul à la fois."""
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    with opened(working=True):
        print_json({"ready": True}) if as_json else click.echo("Le moteur travaille. Ctrl-C pour l’arrêter.")
        done.wait()
