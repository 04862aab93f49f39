"""How names become words that can be found again: accents, abbreviations, near spellings. Pure functions."""

import re
import unicodedata
from collections.abc import Iterator

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_WORD = re.compile(r"[a-z0-9]+")

_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "cne": "commune"}

_SILENT_WORDS = frozenset(_WORD.findall("a au aux d de des du en et l la le les lez sous sur un une"))
"""Words that name nothing: kept out of the index and of the question, unless the question has no other."""

_SYNONYMS = {
    "mairie": ("commune", "ville"),
    "ville": ("commune", "mairie"),
    "commune": ("ville", "mairie"),
    "hopital": ("hospitalier", "ch", "chu"),
    "chu": ("hospitalier",),
    "departement": ("departemental", "conseil"),
    "region": ("regional",),
    "agglo": ("agglomeration",),
}
"""What people type, and what the directory writes for it."""

_HEARD = (("eau", "o"), ("au", "o"), ("ai", "e"), ("ei", "e"), ("ph", "f"), ("qu", "k"), ("y", "i"), ("h", ""),
          ("z", "s"), ("c", "k"))  # fmt: skip
"""Spellings that the ear does not tell apart, replaced in this order."""

_LONGEST_SPELLED = 24
"""Beyond, a word gets no near spelling: names that long are references, and their keys would weigh."""


def plain(text: str) -> str:
    """Lower case, no accent, ligatures undone: « Cœur-d’Ôise » gives « coeur-d’oise »."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKD", text).lower()  # what decomposes may hide a capital: « 𝐀 » is an A
    decomposed = unicodedata.normalize("NFKD", lower.translate(_LIGATURES))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a name, in order, abbreviations spelled out: what is written in the index."""
    return [_ABBREVIATIONS.get(word, word) for word in _WORD.findall(plain(text)) if word not in _SILENT_WORDS]


def asked_words(text: str) -> list[str]:
    """The words of a question; those that name nothing stay when there is no other."""
    return list(dict.fromkeys(words(text) or _WORD.findall(plain(text))))


def synonyms(word: str) -> tuple[str, ...]:
    """Other words that the directory may use for this one."""
    return _SYNONYMS.get(word, ())


def slipped_synonyms(word: str) -> tuple[str, ...]:
    """The same for a word with a slip in it, that word included: « mairi » gives mairie, commune, ville."""
    if len(word) < 4:
        return ()
    return tuple(one for key, others in _SYNONYMS.items() if distance(word, key) == 1 for one in (key, *others))


def folded(word: str) -> str:
    """The word as the ear keeps it: « Lyon » and « Lion », « Marseille » and « Marseile » fold alike."""
    for written, heard in _HEARD:
        word = word.replace(written, heard)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word[:-1] if len(word) > 3 and word[-1] in "sxtde" else word


def spelling_keys(word: str) -> Iterator[str]:
    """The folded word and each form of it that lacks one letter: two words one slip apart share a key.

    Nothing for numbers and for words of fewer than four letters: there, every word is near every other.
    """
    if len(word) < 4 or len(word) > _LONGEST_SPELLED or word[0].isdigit():
        return
    whole = folded(word)
    yield whole
    if len(whole) >= 4:
        yield from {whole[:place] + whole[place + 1 :] for place in range(len(whole))}


def distance(one: str, other: str) -> int:
    """How many slips (a letter added, lost, changed, or two swapped) part two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, before = before, row
        row = [i]
        for j, twin in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != twin))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == twin:
                best = min(best, above[j - 2] + 1)
            row.append(best)
    return row[-1]
