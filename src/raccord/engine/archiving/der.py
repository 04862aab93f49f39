"""The answer of a time-stamp authority, its certificates in the order that the reading library insists on.

DER wants the members of a set sorted; several authorities (and OpenSSL) leave their certificates in the order of the
chain, and the library then refuses the whole answer. What is signed does not cover that set: sorting it changes neither
a length nor a signature. The answer is kept as it came; only the reader gets it sorted.
"""

from typing import Annotated

from cryptography.hazmat import asn1


@asn1.sequence
class _SignedData:  # RFC 5652 §5.1; only the certificates are looked into
    version: int
    digest_algorithms: asn1.TLV
    content: asn1.TLV
    certificates: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    revocations: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.TLV


@asn1.sequence
class _Token:
    content_type: asn1.TLV
    content: Annotated[_SignedData, asn1.Explicit(0)]


@asn1.sequence
class _Answer:  # RFC 3161 §2.4.2
    status: asn1.TLV
    token: _Token


def in_order(answer: bytes) -> bytes:
    """The same answer, certificates sorted; unchanged when it does not read as one (the reader will say why)."""
    try:
        read = asn1.decode_der(_Answer, answer)
    except ValueError:
        return answer
    (read.token.content.certificates or []).sort(key=asn1.encode_der)
    return asn1.encode_der(read)
