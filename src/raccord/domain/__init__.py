"""The words of the trade: frozen dataclasses, enumerations and functions on the standard library alone."""
