"""The places behind a portrait, one file per kind of place."""
