"""Who is where: how far people have come, and what trainers do about it."""
