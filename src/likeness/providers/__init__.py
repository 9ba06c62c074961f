"""Public models that providers run: one small adapter each, over HTTP. Usable alone."""
