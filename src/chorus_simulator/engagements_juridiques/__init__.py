"""The EngagementsJuridiques API: `routes` lists its operations, the other files answer them.

Fields: specifications/api/engagements-juridiques.md.
"""
