"""The Transverses API: `routes` lists its operations, the other files answer them.

Fields: specifications/api/transverses.md.
"""
