"""Raccord: the gateway between business software and Chorus Pro. `wiring.build_gateway` joins its rooms."""
