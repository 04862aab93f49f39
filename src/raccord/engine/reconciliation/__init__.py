"""Asking Chorus Pro what happened that Raccord does not know: after a restore, or at any time."""
