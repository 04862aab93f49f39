"""The search index: the words of invoices, written with what they describe, asked newest first."""
