"""What the vault hands out: an object that says nothing of itself, and forgets its content when its block ends."""


class Credential:
    """An opened secret. `reveal` works inside the `with` block that opened it, nowhere else."""

    __slots__ = ("_content", "name")

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._content: bytes | None = content

    def reveal(self) -> str:
        """The secret as text, byte for byte as it was sealed. Raises RuntimeError once the block has ended."""
        return self.reveal_bytes().decode("utf-8", "surrogatepass")

    def reveal_bytes(self) -> bytes:
        """The secret as bytes. Raises RuntimeError once the block has ended."""
        if self._content is None:
            raise RuntimeError(f"the credential {self.name} was opened in a block that has ended")
        return self._content

    def close(self) -> None:
        """Forget the content."""
        self._content = None

    def __repr__(self) -> str:
        return f"Credential({self.name})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a credential is not serialised: open it where it is used")
