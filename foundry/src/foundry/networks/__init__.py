"""The parts of mini as stock classes, and what makes them cheap to train."""
