"""Errors of the REST directory: an HTTP 4xx and a JSON array (specifications/api/organisations.md)."""

from __future__ import annotations

from chorus_simulator.operations import Raw


class DirectoryError(Exception):
    """Turned into `reply` by the routes."""

    def __init__(self, reply: Raw) -> None:
        super().__init__(reply.payload)
        self.reply = reply


def not_found(what: str) -> DirectoryError:
    """400 and `NotFoundReference`, which this API gives where others give 404 (api/organisations.md)."""
    return DirectoryError(Raw([{"error": "NotFoundReference", "message": f"{what} introuvable."}], 400))


def bad_search(sentence: str) -> DirectoryError:
    """400 and a sentence on the criterion; the word `InvalidSearch` is a guess."""
    return DirectoryError(Raw([{"error": "InvalidSearch", "message": sentence}], 400))
