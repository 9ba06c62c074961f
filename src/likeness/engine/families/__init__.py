"""What is particular to each architecture of base."""
