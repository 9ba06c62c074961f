"""How long clips take that the local engine makes, with something to look at.

    .venv/bin/python -m benchmarks.clips OUT [--first FILE] [--seconds S] [--size WxH] [PROMPT ...]

Makes one clip for each prompt as a worker does, in OUT, with a strip of eight of its pictures, and
prints how long it took: in seconds, for each second of clip, and beside what the base needs to draw
one picture in the same run, as many of which could have been drawn in that time.
"""

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foundry.pictures import grid
from likeness.engine.clip import ClipRequest
from likeness.engine.sampling import Sampler, SampleRequest
from likeness.media.video import RATE, save_video
from likeness.settings import Settings
from likeness.work.engines import Engines

PROMPTS = (
    "portrait photo of a 30 year old black woman, in a park, she turns to the left and smiles",
    "photo of a 50 year old white man with a beard, in an office, turning to the right",
)
SHOWN = 8
STRIP = 320  # px: the longer side of its pictures


def silent(*_: object) -> None: ...


def main() -> None:
    """Print a line for each prompt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("prompts", nargs="*", default=PROMPTS)
    parser.add_argument("--first", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--size", default="1280x720")
    options = parser.parse_intermixed_args()
    options.out.mkdir(parents=True, exist_ok=True)
    width, height = (int(side) for side in options.size.split("x"))
    engines = Engines(Settings.read(device="cpu"))
    sampler, engine = engines.sampler(), engines.clips()
    first = Image.open(options.first).convert("RGB") if options.first else None
    for number, prompt in enumerate(options.prompts):
        one = seconds_of_a_picture(sampler, prompt)
        frames: list[NDArray[np.uint8]] = []
        request = ClipRequest(
            prompt=prompt,
            negative_prompt="",
            seed=number,
            width=width,
            height=height,
            frames=round(options.seconds * RATE),
            rate=RATE,
            first=first,
        )
        started = perf_counter()
        for frame in engine.clip(request, silent):
            frames.append(frame)
        took = perf_counter() - started
        save_video(frames, options.out / f"{number:02d}.mp4", width, height, audio=False)
        strip(frames).save(options.out / f"{number:02d}.png")
        print(
            f"{prompt}: {took:.0f} s, {took / options.seconds:.1f} s for each second, "
            f"{took / one:.0f} times a picture ({one:.2f} s)",
            flush=True,
        )


def seconds_of_a_picture(sampler: Sampler, prompt: str) -> float:
    """By the second of two; the first one warms up."""
    took = 0.0
    for seed in range(2):
        started = perf_counter()
        sampler.sample(SampleRequest((prompt,), (seed,), 128, 128), None, silent)
        took = perf_counter() - started
    return took


def strip(frames: list[NDArray[np.uint8]]) -> Image.Image:
    """Pictures at equal distances of time, from the first to the last."""
    chosen = [Image.fromarray(frames[place]) for place in _places(len(frames))]
    for picture in chosen:
        picture.thumbnail((STRIP, STRIP))
    return grid(np.stack([np.asarray(picture) for picture in chosen]), columns=SHOWN // 2)


def _places(count: int) -> list[int]:
    return np.linspace(0, count - 1, SHOWN).round().astype(int).tolist()


if __name__ == "__main__":
    main()
