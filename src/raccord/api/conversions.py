"""/api/v1/conversions: an invoice written in another format, and an honest account of what does not pass."""

from enum import StrEnum

import msgspec
from litestar import Router, post
from litestar.params import FromQuery

from raccord.api.auth import reads
from raccord.api.given import TheFile
from raccord.engine.deposits.converting import Conversion, converted
from raccord.formats import Syntax
from raccord.formats.convert import Loss


class Target(StrEnum):
    """The formats that are written."""

    FACTURX = "facturx"
    CII = "cii"
    UBL = "ubl"
    JSON = "json"

    @property
    def syntax(self) -> Syntax:
        """The syntax of this target."""
        return {"facturx": Syntax.FACTURX, "cii": Syntax.CII, "ubl": Syntax.UBL_INVOICE, "json": Syntax.JSON}[self]


class LossView(msgspec.Struct, frozen=True):
    """One piece of data that did not pass: where it stood, the number of its business term (`BT-70`, "" when
    it has none), its value, what stands there now ("" for nothing).
    """

    path: str
    before: str
    after: str
    sentence: str
    term: str = ""

    @classmethod
    def of(cls, loss: Loss) -> "LossView":
        """The view of this loss."""
        return cls(loss.path, loss.before, loss.after, loss.sentence, loss.term)


class ConversionView(msgspec.Struct, frozen=True):
    """The file made, base64 in `content`; `losses` is empty when everything passed."""

    filename: str
    syntax: str
    media_type: str
    content: bytes
    losses: list[LossView]

    @classmethod
    def of(cls, made: Conversion) -> "ConversionView":
        """The view of this conversion."""
        losses = [LossView.of(loss) for loss in made.losses]
        return cls(made.filename, made.syntax.value, made.mime, made.data, losses)


@post("/conversions", sync_to_thread=True, guards=[reads], status_code=200)
def convert_it(file: TheFile, to: FromQuery[Target]) -> ConversionView:
    """Write an invoice (Factur-X, CII, UBL, JSON) in another format. Nothing is kept, nothing is sent.

    `losses` lists every piece of data that the new format, or our vocabulary, has no place for. 422: unreadable.
    """
    return ConversionView.of(converted(file.terms or file.data, file.name, to.syntax))


router = Router(path="/", tags=["Dépôts"], route_handlers=[convert_it])
