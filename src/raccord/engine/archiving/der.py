"""The answer of a time-stamp authority, its certificates in the order that the reading library insists on.

DER wants the members of a set sorted; several authorities (and OpenSSL) leave their certificates in the order of the
chain, and the library then refuses the whole answer. What is signed does not cover that set: sorting it changes neither
a length nor a signature. The answer is kept as it came; only the reader gets it sorted.
"""

from collections.abc import Iterator

_CERTIFICATES = 0xA0
Span = tuple[int, int, int]
"""Where an element stands: its first byte, that of its content, the one that follows."""


def in_order(answer: bytes) -> bytes:
    """The same answer, certificates sorted; unchanged when it does not read as one (the reader will say why)."""
    try:
        _, token = _children(answer, _element(answer, 0))
        _, wrapped = _children(answer, token)
        signed = next(_children(answer, wrapped))
        found = [one for one in _children(answer, signed) if answer[one[0]] == _CERTIFICATES]
    except (ValueError, IndexError, StopIteration):
        return answer
    for start, content, end in found:
        members = sorted(answer[first:last] for first, _, last in _children(answer, (start, content, end)))
        answer = answer[:content] + b"".join(members) + answer[end:]
    return answer


def _children(data: bytes, parent: Span) -> Iterator[Span]:
    _, at, end = parent
    while at < end:
        child = _element(data, at)
        at = child[2]
        yield child


def _element(data: bytes, at: int) -> Span:
    """Raises ValueError for a length that DER does not know, IndexError for one that goes beyond the end."""
    length, content = data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4:
            raise ValueError("a length that DER does not know")
        length, content = int.from_bytes(data[content : content + size]), content + size
    if content + length > len(data):
        raise IndexError("an element beyond the end")
    return at, content, content + length
