"""Kill server and worker at random moments and look for what was lost or done twice."""
