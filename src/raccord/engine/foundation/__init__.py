"""What the whole engine stands on: durable jobs, the way to Chorus Pro and its pace, doubt, the breaker."""
