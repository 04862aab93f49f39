"""What a request carries: a file as multipart or as the raw body, and the connection that is meant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection
from raccord.domain.errors import Invalid
from raccord.engine.gateway import Gateway


@dataclass(frozen=True)
class InvoiceFile:
    """The bytes of an invoice and the name of its file; `terms`: its data, when they came beside (JSON)."""

    name: str
    data: bytes
    terms: bytes = b""


async def read_invoice_file(request: Request[Any, Any, Any]) -> InvoiceFile:
    """Given to routes as `file`: the parts `file` and `data` of a multipart body, else the whole body.

    `?filename=` names a raw body. `data` is the invoice as JSON, alone or beside its PDF.
    """
    if request.content_type[0] == "multipart/form-data":
        return await _part(request)
    data = await request.body()
    if not data:
        raise _nothing()
    return InvoiceFile(request.query_params.get("filename", "facture"), data)


async def _part(request: Request[Any, Any, Any]) -> InvoiceFile:
    form = await request.form()
    received, terms = form.get("file"), await _bytes_of(form.get("data"))
    if isinstance(received, UploadFile):
        return InvoiceFile(received.filename or "facture", await received.read(), terms)
    if terms:
        return InvoiceFile("facture.json", terms)
    raise _nothing()


async def _bytes_of(part: Any) -> bytes:
    """A part sent as a file or as a field."""
    if isinstance(part, UploadFile):
        return await part.read()
    return part.encode() if isinstance(part, str) else b""


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


def named(gateway: Gateway, wanted: str) -> str:
    """The identifier of the connection of that name or id, "" where the outbox is to choose. Raises `NotFound`."""
    return gateway.connections.find(wanted).id if wanted else ""


def aware(at: datetime | None) -> datetime | None:
    """An instant written without a zone is one of Paris."""
    return at.replace(tzinfo=PARIS) if at is not None and at.tzinfo is None else at
