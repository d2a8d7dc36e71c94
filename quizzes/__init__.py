"""What was understood: questions and attempts."""
