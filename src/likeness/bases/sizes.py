"""Which size a base draws when some other size is asked for."""

import math

from likeness.bases.manifest import Manifest


def nearest_size(manifest: Manifest, width: int, height: int) -> tuple[int, int]:
    """The size that a base draws for a picture of `width` × `height` px.

    Returns (width, height) in px: the asked aspect ratio, as far as `longest_ratio` allows, at
    about `resolution`² px of area, both sides multiples of `size_multiple`. Raises ValueError when
    a side is not positive.
    """
    if width < 1 or height < 1:
        raise ValueError(
            f"A picture cannot be {width} x {height} px; ask for sides of 1 px or more."
        )
    longest = manifest.longest_ratio
    ratio = min(max(width / height, 1 / longest), longest)
    return (
        _multiple(manifest.resolution * math.sqrt(ratio), manifest.size_multiple),
        _multiple(manifest.resolution / math.sqrt(ratio), manifest.size_multiple),
    )


def _multiple(length: float, step: int) -> int:
    return max(1, round(length / step)) * step
