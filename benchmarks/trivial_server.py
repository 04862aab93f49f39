"""The least that a server of the same HTTP stack can do: read a body, answer a fixed deposit receipt.

The yardstick beside which the simulator and the client are measured.
"""

import json
import socket
from typing import Any

import uvicorn

_TOKEN = json.dumps({"access_token": "x" * 54, "token_type": "Bearer", "expires_in": 3600}).encode()
_RECEIPT = json.dumps(
    {
        "codeRetour": 0,
        "libelle": "GCU_MSG_01_000",
        "numeroFluxDepot": "CPP0011106000000000000001",
        "dateDepot": "2026-11-21",
        "syntaxeFlux": "IN_DP_E1_CII_16B",
    }
).encode()
_HEADERS = [(b"content-type", b"application/json")]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Reads the whole body, answers."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    body = _TOKEN if scope["path"].endswith("/token") else _RECEIPT
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serves on a free port and says so in one JSON line."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # from here on a caller waits instead of being refused
    print(json.dumps({"base_url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
