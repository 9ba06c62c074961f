"""Tiny footage that no renderer is needed for: a face-like figure that moves over a smooth
picture."""

import json
from pathlib import Path

import cv2
import numpy as np

from foundry.footage import GUIDES, Footage, Take
from foundry.portraits.person import draw_person
from foundry.portraits.photo import draw_photo
from likeness.engine.acting.motion import KINDS, Motion, Movement

SPOTS = ((-0.22, -0.2), (0.22, -0.2), (0.0, 0.05), (-0.16, 0.25), (0.16, 0.25))


def write_footage(folder: Path, people: int, clips: int, frames: int, size: int) -> Footage:
    rng = np.random.default_rng(0)
    shot: list[np.ndarray] = []
    takes: list[Take] = []
    for index in range(people * clips):
        person = draw_person(index // clips)
        motion = _motion(index, frames)
        start, step = rng.uniform(0.4, 0.6, 2), rng.normal(0, 0.2 / frames, 2)
        faces = [(*(start + step * frame).tolist(), 0.4) for frame in range(frames)]
        colour = rng.integers(60, 255, 3).tolist()
        coarse = rng.integers(0, 255, (4, 4, 3), dtype=np.uint8)
        place = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
        shot.append(np.stack([_frame(np.asarray(place).copy(), face, colour) for face in faces]))
        takes.append(
            Take(
                number=3 * (index // clips),
                person=person,
                photo=draw_photo(index, person),
                motion=motion,
                landmarks=tuple(_landmarks(face) for face in faces),
                face=tuple(faces),
                yaw=tuple(np.linspace(0, 20, frames).tolist()),
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "00000.npy", np.stack(shot))
    np.save(folder / f"00000{GUIDES}", np.stack([_guide(clip) for clip in shot]))
    lines = "".join(f"{json.dumps(take.model_dump())}\n" for take in takes)
    (folder / "00000.jsonl").write_text(lines)
    return Footage.open(folder)


def _guide(clip: np.ndarray) -> np.ndarray:
    """Half-way from standing still to the clip, where it says that what is right is new."""
    colours = ((clip[:1].astype(np.uint16) + clip) // 2).astype(np.uint8)
    new = np.zeros((*clip.shape[:3], 1), np.uint8)
    new[1:, :, clip.shape[2] // 2 :] = 255
    return np.concatenate([colours, new], axis=-1)


def _motion(index: int, frames: int) -> Motion:
    movement = Movement(kind=KINDS[index % len(KINDS)], start=0.1, seconds=0.5, amount=20)
    return Motion(
        seed=index, frames=frames, rate=8, movements=(movement,), blinks=(), camera="still"
    )


def _landmarks(face: tuple[float, float, float]) -> tuple[tuple[float, float], ...]:
    x, y, side = face
    return tuple((x + across * side, y + down * side) for across, down in SPOTS)


def _frame(picture: np.ndarray, face: tuple[float, float, float], colour: list[int]) -> np.ndarray:
    size = len(picture)
    x, y, side = (value * size for value in face)
    cv2.circle(picture, (round(x), round(y)), round(side / 2), colour, -1)
    for across, down in _landmarks(face):
        cv2.circle(picture, (round(across * size), round(down * size)), 1, (20, 20, 20), -1)
    return picture
