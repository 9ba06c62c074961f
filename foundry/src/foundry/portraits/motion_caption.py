"""Captions of clips: who moves how, in the many ways in which people would ask for it."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from foundry.portraits.caption import (
    draw_caption,
    draw_name,
    hair_words,
    outfit_words,
    place_words,
    subject_words,
)
from foundry.portraits.directing import RANGES
from foundry.portraits.draw import pick
from foundry.portraits.grammar import finite, participle, with_article
from foundry.portraits.motion_words import (
    BACK,
    BROAD,
    CAMERA,
    DONE,
    FILM,
    FOR_A_MOMENT,
    LITTLE,
    ONLY,
    PRONOUNS,
    QUICKLY,
    SLIGHTLY,
    SLOWLY,
    SMILES_A_LITTLE,
    SMILES_BROADLY,
    STILL,
    TIMES,
)
from foundry.portraits.person import HAIR_STYLES, Person
from foundry.portraits.photo import Photo
from likeness.engine.acting.motion import Motion, Movement, Track

SENTENCES_BEGIN = ("a", "an", "the", "she", "he", "video", "clip", "slow")
QUICK, SLOW = 0.25, 0.65  # shares of the range that a movement's seconds are drawn from


def draw_motion_caption(person: Person, photo: Photo, motion: Motion, seed: int) -> str:
    """One of many captions of a clip: all that moves, and some or nothing of who and where.

    It says all movements, in the order in which they begin where one follows the other, and a
    camera that moves. `left` and `right` are the viewer's. It is what people write who have the
    picture before them, so most captions describe little of it.
    """
    rng = np.random.default_rng([seed, motion.seed, photo.seed, 0xCA98])
    pronoun, their = PRONOUNS[person.gender]
    form = pick(rng, {"pronoun": 0.22, "subject": 0.33, "film": 0.13, "scene": 0.2, "bare": 0.12})
    if form == "bare":
        their = pick(rng, (their, "the"))
        caption = _said(rng, motion, their, participle)
    elif form == "scene":
        caption = _after_scene(rng, person, photo, motion)
    elif form == "film":
        who = _described(rng, person, photo)
        doing = _said(rng, motion, their, participle)
        caption = f"{pick(rng, FILM)} of {who} {doing}"
    else:
        if form == "subject":
            pronoun = _described(rng, person, photo)
        caption = f"{pronoun} {_said(rng, motion, their, finite)}"
    caption = _with_camera(rng, caption, motion.camera)
    # Names are left as they are: an adapter's trigger is one word, not two.
    if caption.split()[0] in SENTENCES_BEGIN and rng.random() < 0.25:
        caption = f"{caption[0].upper()}{caption[1:]}{pick(rng, ('.', ''))}"
    return caption


def _after_scene(rng: Generator, person: Person, photo: Photo, motion: Motion) -> str:
    """The photo's own caption, or a short one, and what happens then."""
    scene = _described(rng, person, photo)
    if rng.random() < 0.5:
        scene = draw_caption(person, photo, int(rng.integers(1 << 31)))
    pronoun, their = PRONOUNS[person.gender]
    if rng.random() < 0.5:
        return f"{scene}, {_said(rng, motion, their, participle)}"
    return f"{scene}{pick(rng, (', ', '. '))}{pronoun} {_said(rng, motion, their, finite)}"


def _described(rng: Generator, person: Person, photo: Photo) -> str:
    """Somebody with none, one or two of what can be seen."""
    who = pick(
        rng,
        {
            with_article(person.gender): 0.3,
            f"the {person.gender}": 0.15,
            with_article(subject_words(rng, person)): 0.35,
            draw_name(rng): 0.15,
            "a person": 0.05,
        },
    )
    seen = [
        f"with {hair_words(person, pick(rng, HAIR_STYLES[person.hair].words))}",
        f"in {with_article(outfit_words(photo, photo.outfit.garment))}",
        place_words(photo, 0),
    ]
    if photo.hat:
        seen[0] = f"with {with_article(f'{photo.hat.colour} {photo.hat.kind}')}"
    elif photo.eyewear and rng.random() < 0.5:
        seen[0] = f"with {photo.eyewear}"
    kept = sorted(rng.permutation(len(seen))[: pick(rng, {0: 0.5, 1: 0.35, 2: 0.15})])
    return " ".join([who, *(seen[index] for index in kept)])


def _with_camera(rng: Generator, caption: str, camera: Track) -> str:
    if rng.random() >= (0.12 if camera == "still" else 0.95):
        return caption
    words = pick(rng, CAMERA[camera])
    if rng.random() < 0.2:
        return f"{words}, {caption}"
    return f"{caption}, {words}"


def _said(rng: Generator, motion: Motion, their: str, form: Callable[[str], str]) -> str:
    """All movements as one phrase, each verb in that form."""
    movements = sorted(motion.movements, key=lambda m: m.start)
    if not movements:
        return form(_still(rng, bool(motion.blinks)))
    words = [_done(rng, movement, their) for movement in movements]
    if len(words) == 1:
        return form(words[0])
    if _follow(movements):
        then = pick(rng, (" and then ", ", then ", ", and then "))
        return then.join(form(some) for some in words)
    if len(words) == 2 and rng.random() < 0.5:
        words.reverse()
    *others, last = words
    if rng.random() < 0.4:
        said = " and ".join(form(some) for some in others)
        return f"{said} while {participle(last)}"
    return f"{', '.join(form(some) for some in others)} and {form(last)}"


def _follow(movements: Sequence[Movement]) -> bool:
    """Whether each begins when the one before is over."""
    return all(
        later.start >= (before.back or before.start) + before.seconds
        for before, later in pairwise(movements)
    )


def _still(rng: Generator, blinks: bool) -> str:
    if rng.random() < 0.3:
        return ONLY.format("blink and breathe" if blinks else "breathe")
    words = pick(rng, STILL)
    return f"{words}, only blinking" if blinks and rng.random() < 0.35 else words


def _done(rng: Generator, movement: Movement, their: str) -> str:
    """One movement, the verb first and in its plain form."""
    kind, drawn = movement.kind, RANGES[movement.kind]
    phrases = DONE[kind]
    if kind == "smile" and movement.amount < LITTLE and rng.random() < 0.6:
        phrases = SMILES_A_LITTLE
    elif kind == "smile" and movement.amount > BROAD and rng.random() < 0.6:
        phrases = SMILES_BROADLY
    words = pick(rng, phrases).format(their=their)
    manner = _manner(rng, movement)
    if drawn.times and kind != "look around":
        words = f"{words} {pick(rng, TIMES[min(movement.times, 3)])}".rstrip()
    if manner:
        words = f"{words} {manner}"
    if movement.back is None or kind in ("shrug", "raise the eyebrows"):
        return words
    return words + pick(rng, FOR_A_MOMENT if drawn.part in ("eyes", "face") else BACK)


def _manner(rng: Generator, movement: Movement) -> str:
    """How fast or how far, where it is worth a word; often none."""
    drawn = RANGES[movement.kind]
    if drawn.part not in ("turn", "head") or rng.random() < 0.45:
        return ""
    low, high = drawn.seconds
    share = (movement.seconds / movement.times - low) / (high - low)
    low, high = drawn.amount
    if high > low and (movement.amount - low) / (high - low) < QUICK and rng.random() < 0.5:
        return pick(rng, SLIGHTLY)
    if share > SLOW:
        return pick(rng, SLOWLY)
    return pick(rng, QUICKLY) if share < QUICK else ""
