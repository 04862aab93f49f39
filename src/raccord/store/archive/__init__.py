"""The archive of bytes named by their SHA-256, and the shelves on which it may lie: a folder, a bucket."""
