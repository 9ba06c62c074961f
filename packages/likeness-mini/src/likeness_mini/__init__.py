"""mini, the base that ships with Likeness: a folder in diffusers format."""

from pathlib import Path

FOLDER = Path(__file__).parent / "base"
