"""Images: photos that clients uploaded and pictures that jobs made."""
