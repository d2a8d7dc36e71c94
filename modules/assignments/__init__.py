"""Who is to take which course by when."""
