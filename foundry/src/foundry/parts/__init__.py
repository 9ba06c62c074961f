"""The parts of mini and of its proof, each with its recipe, its data and its loss."""
