"""The language that a program or a browser asks for."""

from raccord.language.books import LANGUAGES


def preferred(accept_language: str) -> str:
    """The first of our languages in an `Accept-Language` header, by decreasing weight; French when none is named."""
    weighed = sorted(_wishes(accept_language), key=lambda wish: -wish[1])
    return next((tag for tag, weight in weighed if tag in LANGUAGES and weight > 0), "fr")


def _wishes(header: str) -> list[tuple[str, float]]:
    wishes = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";")
        wishes.append((tag.strip().lower().split("-")[0], _weight(weight)))
    return wishes


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=")) if text.strip() else 1.0
    except ValueError:
        return 0.0
