"""Who is ready for which deployment, as of any day; and who signs for the exception."""
