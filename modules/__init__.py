"""What is taught: courses, who takes them, and how far they are."""
