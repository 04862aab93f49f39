"""Files given to programs: the very bytes, under their name."""

from urllib.parse import quote

from litestar import Response


def attached(data: bytes, name: str, mime: str = "application/octet-stream") -> Response[bytes]:
    """These bytes, to save under that name."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=mime, headers=headers)
