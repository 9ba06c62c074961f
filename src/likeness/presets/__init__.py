"""Presets: whole scenes that a client asks for by a tag, each in a file of its own."""
