"""What a supplier sends: accepted, grouped, sent once, followed to its payment, answered for."""
