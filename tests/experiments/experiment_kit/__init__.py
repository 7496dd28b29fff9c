"""What tests of experiments have in common."""
