"""What the face does at a moment of a clip: expressions, lids, brows, and a mouth that talks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from likeness.engine.acting.easing import dip, during, eased, progress
from likeness.engine.acting.expression import MOUTH_OPENS, TEETH_SHOW, both, unit_weights
from likeness.engine.acting.head import LAUGHS
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.motion import Kind, Motion, Movement

EXPRESSIONS: Mapping[Kind, str] = {  # to which a movement leads
    "smile": "big smile",
    "stop smiling": "neutral",
    "laugh": "laughing",
    "look surprised": "surprised",
    "look sad": "sad",
    "look angry": "angry",
}
VOWELS: Sequence[Mapping[str, float]] = (  # what a syllable's mouth is made of
    {"mouth-open": 0.44},
    {"mouth-open": 0.28, "mouth-pursing": 0.45},
    {"mouth-open": 0.22, "mouth-corner-puller": 0.30},
    {"mouth-open": 0.34, "mouth-parling": 0.25},
    {"mouth-open": 0.18, "mouth-pursing": 0.30},
)
SYLLABLE = (0.2, 0.33)  # s: three to five a second
AJAR = 0.06
SILENT = 0.12  # of all syllables
TALK_BEGINS = 0.1  # s
BROWS_RAISED = 0.95
BLINK = (0.18, 0.3)  # s from open to open
SLIT_LEAVES = 0.5  # lids that smile are half closed from below: so much less is left to close
LIDS_SINK = 0.018  # share by which lids close for each degree that the eyes sink
LAUGH_OPENS = 0.10


def face_at(start: Moment, motion: Motion, second: float, eyes_up: float) -> Moment:
    """`start` with the expression of `second`; the eyes look up `eyes_up` degrees more than then.

    The same face as `start` has at second 0."""
    face = start
    for movement in sorted(motion.movements, key=lambda m: m.start):
        share = movement.amount * progress(movement, second)
        if movement.kind in EXPRESSIONS:
            face = _towards(face, EXPRESSIONS[movement.kind], share)
        if movement.kind == "laugh":
            shake = np.sin(2 * np.pi * LAUGHS * (second - movement.start))
            face = _opened(face, {"mouth-open": LAUGH_OPENS * float(share * (1 + shake))})
        elif movement.kind == "raise the eyebrows":
            raised = dict(both(eyebrows_up=BROWS_RAISED))
            face = replace(face, weights=_mixed(face.weights, raised, share))
        elif movement.kind == "talk":
            face = _opened(face, _syllable(movement, motion.seed, second))
            # Not with each syllable: lips part faster than what is behind them could come.
            inside = during(movement, second, TALK_BEGINS)
            face = replace(face, mouth=max(face.mouth, inside), teeth=max(face.teeth, inside))
    shut = _shut(motion, second)
    sunk = LIDS_SINK * max(-eyes_up, 0.0)
    return replace(face, weights=_lidded(face.weights, max(shut, sunk)))


def _towards(face: Moment, expression: str, share: float) -> Moment:
    weights = unit_weights(expression)
    absent = dict.fromkeys(face.weights, 0.0)
    # An open mouth's inside is where it belongs as soon as lips part.
    soon = eased(4 * share)
    return replace(
        face,
        weights=_mixed(face.weights, absent | weights, share),
        mouth=max(face.mouth * (1 - share), soon * (expression in MOUTH_OPENS)),
        teeth=max(face.teeth * (1 - share), soon * (expression in TEETH_SHOW)),
    )


def _mixed(
    weights: Mapping[str, float], others: Mapping[str, float], share: float
) -> dict[str, float]:
    """`weights`, those that `others` name led towards them by `share`."""
    mixed = dict(weights)
    for unit, weight in others.items():
        here = mixed.get(unit, 0.0)
        mixed[unit] = here + (weight - here) * share
    return mixed


def _opened(face: Moment, more: Mapping[str, float]) -> Moment:
    """The mouth moved further, by weights that are added, up to 1."""
    weights = dict(face.weights)
    for unit, weight in more.items():
        here = weights.get(unit, 0.0)
        weights[unit] = max(here, min(1.0, here + weight))
    return replace(face, weights=weights)


def _syllable(movement: Movement, seed: int, second: float) -> dict[str, float]:
    """What talk adds to the mouth: never quite shut, and a syllable after the other."""
    ajar = movement.amount * AJAR * during(movement, second, 0.2)
    rng = np.random.default_rng([seed, 0x7A1C])
    begun, end = movement.start, movement.start + movement.seconds
    while begun < end:
        length = float(rng.uniform(*SYLLABLE))
        vowel = VOWELS[int(rng.integers(len(VOWELS)))]
        loud = float(rng.uniform(0.6, 1.1)) * (rng.random() >= SILENT)
        if begun <= second < begun + length:
            wide = movement.amount * loud * dip((second - begun) / length)
            wide *= during(movement, second, TALK_BEGINS)
            more = {unit: weight * wide for unit, weight in vowel.items()}
            return more | {"mouth-open": more["mouth-open"] + ajar}
        begun += length
    return {"mouth-open": ajar}


def _shut(motion: Motion, second: float) -> float:
    """How far lids are closed by blinks and on purpose."""
    shut = 0.0
    lengths = np.random.default_rng([motion.seed, 0xB11]).uniform(*BLINK, len(motion.blinks))
    for middle, length in zip(motion.blinks, lengths, strict=True):
        share = (second - middle) / length + 0.45
        # Lids close faster than they open.
        shut = max(shut, eased(share / 0.38) * eased((1 - share) / 0.5))
    for movement in motion.movements:
        if movement.kind == "close the eyes":
            shut = max(shut, progress(movement, second))
    return shut


def _lidded(weights: Mapping[str, float], shut: float) -> dict[str, float]:
    lidded = dict(weights)
    for side in ("left", "right"):
        closure, slit, wide = (f"eye-{side}-{unit}" for unit in ("closure", "slit", "opened-up"))
        whole = 1 - SLIT_LEAVES * min(weights.get(slit, 0.0), 1.0)
        here = weights.get(closure, 0.0)
        lidded[closure] = here + max(whole - here, 0.0) * shut
        lidded[wide] = weights.get(wide, 0.0) * (1 - shut)
    return lidded
