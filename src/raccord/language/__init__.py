"""French is the language of the house; a catalogue gives another one, sentence by sentence.

The French sentence is its own name. It is written once, where it is said, with its values already in it:
`f"Le motif compte {length} caractères."`. The catalogue holds the same sentence with named holes, `Le motif compte
{length} caractères.`; `translate` finds the sentence again by its fixed words and carries the values across. So nothing
need be kept beside a sentence: one that was stored last year in a journal, a verdict or a fault is translated like one
said a moment ago. A sentence that nobody has translated stays in French: nothing is ever blank.

Each room keeps its catalogue beside it (`<room>/locale/en.po`); the doctor’s causes carry their English themselves.
The pages, the REST API and the letters translate at the last moment, for the person who reads.
"""

from raccord.language.books import LANGUAGES, catalogue, translate
from raccord.language.phrasebook import Phrasebook
from raccord.language.preferred import preferred

__all__ = ["LANGUAGES", "Phrasebook", "catalogue", "preferred", "translate"]
