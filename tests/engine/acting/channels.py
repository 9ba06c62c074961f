"""What of a moment moves."""

from dataclasses import asdict

from likeness.engine.acting.moment import Moment


def channels(moment: Moment) -> dict[str, float]:
    """All that moves, by name."""
    named = asdict(moment)
    across, up = named.pop("gaze")
    flat = named.pop("weights") | {"across": across, "up": up}
    flat |= {f"trail {axis}": angle for axis, angle in enumerate(named.pop("trail"))}
    return flat | named
