"""Leaf: the database and its migrations, the blob store, the sweeper, signed URLs."""
