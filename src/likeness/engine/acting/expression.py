"""Expressions: named blends of facial units, each of which moves a part of the face."""

from collections.abc import Mapping


def both(**units: float) -> dict[str, float]:
    """`eye_slit` stands for that unit of the left and of the right eye."""
    weights: dict[str, float] = {}
    for unit, weight in units.items():
        part, rest = unit.split("_", 1)
        for side in ("left", "right"):
            weights[f"{part}-{side}-{rest.replace('_', '-')}"] = weight
    return weights


UNITS: Mapping[str, Mapping[str, float]] = {
    "neutral": {},
    "smile": {"mouth-corner-puller": 0.75} | both(eye_slit=0.18),
    "big smile": {
        "mouth-corner-puller": 0.95,
        "mouth-upward-retraction": 0.45,
        "mouth-parling": 0.25,
    }
    | both(eye_slit=0.35),
    "laughing": {
        "mouth-corner-puller": 1.0,
        "mouth-open": 0.38,
        "mouth-upward-retraction": 0.35,
    }
    | both(eye_slit=0.6),
    "surprised": {"mouth-open": 0.75, "mouth-pursing": 0.45}
    | both(eyebrows_up=0.9, eye_opened_up=0.8),
    "sad": {"mouth-depression": 0.75} | both(eyebrows_inner_up=0.9, eye_slit=0.25),
    "angry": {"mouth-compression": 0.6, "nose-compression": 0.5}
    | both(eyebrows_down=1.0, eye_slit=0.3),
    "serious": {"mouth-compression": 0.25} | both(eyebrows_down=0.45),
    "eyes closed": both(eye_closure=1.0),
    "pout": {"mouth-pursing": 0.8, "mouth-eversion": 0.35},
}
AT_EASE = both(eyebrows_inner_up=0.42, eyebrows_up=0.14)  # the mesh's own brows look stern
MOUTH_AT_EASE = 0.16
TEETH_SHOW = ("smile", "big smile", "laughing", "sad")
MOUTH_OPENS = (*TEETH_SHOW, "surprised")


def unit_weights(expression: str) -> dict[str, float]:
    """Weights in 0..1 of the facial units of a named expression."""
    weights = dict(UNITS[expression])
    if "eyebrows-left-down" not in weights:
        for unit, weight in AT_EASE.items():
            weights[unit] = max(weights.get(unit, 0.0), weight)
        if not any(unit.startswith("mouth") for unit in weights):
            weights["mouth-corner-puller"] = MOUTH_AT_EASE
    return weights
