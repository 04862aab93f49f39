"""The Structures API: `routes` lists its operations, the other files answer them.

Fields: specifications/api/structures.md.
"""
