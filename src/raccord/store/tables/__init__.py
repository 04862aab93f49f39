"""Every table of Raccord. One module a subject, one metadata: a migration is made from them."""
