"""The way back from the sign-in page to what a person asked for, filters included, and never out of this site."""

from urllib.parse import quote, urlsplit

from raccord.web.render import PageRequest

HOME = "/"
_NOTICE = "dit="
"""The sentence of a deed is for the moment of the deed."""


def wanted(request: PageRequest) -> str:
    """The page asked for; the page on the screen when a form was sent, or a part of a page asked for its news."""
    if request.method in ("GET", "HEAD") and not by_itself(request):
        return _address(request.url.path, request.url.query)
    try:
        shown = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return HOME
    return _address(shown.path, shown.query) if shown.netloc == request.url.netloc else HOME


def by_itself(request: PageRequest) -> bool:
    """Whether a part of a page asks (htmx says so), not a person."""
    return "hx-request" in request.headers


def _address(path: str, query: str) -> str:
    kept = "&".join(part for part in query.split("&") if part and not part.startswith(_NOTICE))
    return inside(f"{path}?{kept}" if kept else path)


def door(back: str) -> str:
    """The address of the sign-in page that leads back there."""
    return "/connexion" if back == HOME else f"/connexion?suite={quote(back)}"


def inside(path: str) -> str:
    """A path of this site; anything else becomes the home page, so that no link leads a person elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else HOME
