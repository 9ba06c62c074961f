"""How many frames of clips one process renders a second, beside separate photos.

    python benchmarks/footage.py PACK [--people 3]

Two clips of 17 frames of each person, and as many photos of each as a clip has frames, at 128 and
256 px, after a first person that loads the textures. Each person is new to the renderer both times.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from foundry.portraits.directing import draw_motion, draw_start
from foundry.portraits.moment import photo_moment
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import draw_person
from foundry.portraits.photo import draw_photo
from foundry.portraits.renderer import Renderer
from likeness.engine.acting.moments import clip_moments

FRAMES, RATE, CLIPS = 17, 8.0, 2


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("pack", type=Path)
    arguments.add_argument("--people", type=int, default=3)
    options = arguments.parse_args()
    renderer = Renderer(AssetPack(options.pack))
    for size in (128, 256):
        for name, render in (("photos", photos), ("frames", clips)):
            render(renderer, 0, size)
            measure(f"{size} px, {name}", renderer, render, options.people, size)


def measure(
    name: str,
    renderer: Renderer,
    render: Callable[[Renderer, int, int], int],
    people: int,
    size: int,
) -> None:
    wall, processor = perf_counter(), process_time()
    count = sum(render(renderer, seed, size) for seed in range(1, people + 1))
    wall, processor = perf_counter() - wall, process_time() - processor
    print(f"{name}: {count / wall:.1f}/s, {count / processor:.1f} a second of processor")


def photos(renderer: Renderer, seed: int, size: int) -> int:
    person = draw_person(seed)
    for number in range(FRAMES):
        renderer.picture(person, draw_photo(number, person), size)
    return FRAMES


def clips(renderer: Renderer, seed: int, size: int) -> int:
    person = draw_person(seed)
    for number in range(CLIPS):
        photo = draw_start(number, person)
        moments = clip_moments(
            photo_moment(photo), draw_motion(number, person, photo, FRAMES, RATE)
        )
        renderer.film(person, photo, moments, size)
    return FRAMES * CLIPS


if __name__ == "__main__":
    main()
