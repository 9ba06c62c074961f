"""Leaf: decoding photos, encoding pictures, the provenance mark."""
