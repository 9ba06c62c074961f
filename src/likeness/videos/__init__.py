"""Videos: clips that jobs made."""
