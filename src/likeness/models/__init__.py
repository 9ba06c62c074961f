"""Models: one person's identity each, and the adapters that were trained for it."""
