"""What was achieved: certificates, and what they are worth on a day."""
