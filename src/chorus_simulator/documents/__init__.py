"""Reading what is deposited: CII, UBL, Factur-X, Chorus Pro's minimal XML, and archives of them.

Light readers, written for the simulator alone: they look where Chorus Pro looks (specifications/flux.md §8) and
judge nothing; `rules` does.
"""
