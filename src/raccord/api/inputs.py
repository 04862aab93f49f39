"""What a request carries: a file as multipart or as the raw body, and the connection that is meant."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from raccord.domain.connection import Connection
from raccord.domain.errors import Invalid
from raccord.engine.gateway import Gateway


@dataclass(frozen=True)
class InvoiceFile:
    """The bytes of an invoice and the name of its file."""

    name: str
    data: bytes


async def read_invoice_file(request: Request[Any, Any, Any]) -> InvoiceFile:
    """Given to routes as `file`: the part `file` of a multipart body, else the whole body (`?filename=` names it)."""
    if request.content_type[0] == "multipart/form-data":
        return await _part(request)
    data = await request.body()
    if not data:
        raise _nothing()
    return InvoiceFile(request.query_params.get("filename", "facture"), data)


async def _part(request: Request[Any, Any, Any]) -> InvoiceFile:
    received = (await request.form()).get("file")
    if not isinstance(received, UploadFile):
        raise _nothing()
    return InvoiceFile(received.filename or "facture", await received.read())


def _nothing() -> Invalid:
    return Invalid(
        "FICHIER_ABSENT",
        "La demande ne contient aucun fichier.",
        "Envoyez la facture dans le corps de la demande, ou dans la partie « file » d’un corps multipart/form-data.",
    )


def meant(gateway: Gateway, wanted: str) -> Connection:
    """The connection of that id or label; without a wish, the only one there is. Raises `Invalid` or `NotFound`."""
    if wanted:
        return gateway.connections.find(wanted)
    enabled = [connection for connection in gateway.connections.all() if connection.enabled]
    if len(enabled) == 1:
        return enabled[0]
    sentence = "Plusieurs connexions existent." if enabled else "Aucune connexion à Chorus Pro n’est réglée."
    raise Invalid("CONNEXION_A_PRECISER", sentence, "Nommez la connexion voulue dans le paramètre « connection ».")
