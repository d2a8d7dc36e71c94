"""What anybody may ask of a certificate."""
