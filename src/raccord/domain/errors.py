"""What Raccord answers when it cannot do what was asked: a stable code, a French sentence, the next step.

RaccordError
+ NotFound            nothing of that name here
+ NotAllowed          who asks has not the right
+ Conflict            what exists already contradicts what is asked
+ Invalid             what was given cannot be taken; the sentence says what to give instead
+ Unavailable         works later without any change (disk, database, platform)
+ Misconfigured       a setting is wrong: the sentence names it
"""


class RaccordError(Exception):
    """An answer for a person (`sentence`, `cure`) and for a program (`code`, for life)."""

    def __init__(self, code: str, sentence: str, cure: str = "") -> None:
        super().__init__(f"{code}: {sentence} {cure}".strip())
        self.code = code
        self.sentence = sentence
        self.cure = cure

    @property
    def words(self) -> str:
        """What a person reads in one line: the sentence, then what to do."""
        return f"{self.sentence} {self.cure}".strip()


class NotFound(RaccordError):
    """Nothing of that name here."""


class NotAllowed(RaccordError):
    """Who asks has not the right."""


class Conflict(RaccordError):
    """What exists already contradicts what is asked."""


class Invalid(RaccordError):
    """What was given cannot be taken."""


class Unavailable(RaccordError):
    """Works later without any change."""


class Misconfigured(RaccordError):
    """A setting is wrong; nothing was started."""
