"""The directory of public bodies and their commitments: our copy first, Chorus Pro for what it lacks."""
