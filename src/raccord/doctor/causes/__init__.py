"""The catalogue of causes: every entry of specifications/diagnosis.md as data, in the order of the document."""
