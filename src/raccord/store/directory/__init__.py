"""The directory on disk: read from any of its files, loaded beside the edition in use, searched as people type."""
