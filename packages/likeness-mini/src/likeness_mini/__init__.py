"""mini, the base that ships with Likeness, and the small parts that serve every base."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
BASE = _PACKAGE / "base"  # in diffusers format
FACES = _PACKAGE / "faces"
FIGURES = _PACKAGE / "figures"
MOTION = _PACKAGE / "motion"  # in diffusers format
RIG = _PACKAGE / "rig"
UPSCALER = _PACKAGE / "upscaler"
