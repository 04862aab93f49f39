"""`raccord demo`: the whole story on one screen, between real processes that meet over HTTP only."""
