"""What Raccord writes to persons: letters, reminders of ends, the calendar of them."""
