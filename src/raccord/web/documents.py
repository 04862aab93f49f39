"""Files given back to a browser: a PDF is shown in place, everything else is saved, nothing is ever run."""

from urllib.parse import quote

from litestar import Response

from raccord.domain.errors import NotFound
from raccord.formats import ReadError, read_invoice
from raccord.formats.render import render_pdf

PDF_HEADERS = {
    "Content-Security-Policy": "object-src 'self'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


def readable_pdf(data: bytes, name: str) -> bytes:
    """The invoice as a person reads it: its own PDF, or one drawn from its XML. Raises `NotFound`."""
    if data.startswith(b"%PDF"):
        return data
    try:
        return render_pdf(read_invoice(data, name))
    except ReadError as error:
        raise NotFound(
            "LECTURE_IMPOSSIBLE", "Ce fichier n’a pas de forme lisible à l’écran.", error.sentence
        ) from error


def shown(data: bytes, name: str) -> Response[bytes]:
    """A PDF that the page holds in a frame; bytes that are no PDF are saved instead."""
    if not data.startswith(b"%PDF"):
        return attached(data, name)
    headers = {"Content-Disposition": _disposition("inline", name), **PDF_HEADERS}
    return Response(data, media_type="application/pdf", headers=headers)


def attached(data: bytes, name: str) -> Response[bytes]:
    """Bytes to save under that name, whatever they hold."""
    headers = {"Content-Disposition": _disposition("attachment", name)}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _disposition(manner: str, name: str) -> str:
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\;%' else "_" for char in name)
    return f"{manner}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
