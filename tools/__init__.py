"""What is needed to build and measure the platform, not to run it."""
