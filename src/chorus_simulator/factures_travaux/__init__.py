"""The FacturesTravaux API: `routes` lists its operations, the other files answer them.

Fields: specifications/api/factures-travaux.md.
"""
