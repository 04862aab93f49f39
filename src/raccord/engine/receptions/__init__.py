"""What a public body receives: fetched, stored before it counts, read, processed, handed over, validated."""
