"""What was understood: questions, attempts, and how far everybody is."""
