"""How many pictures of people one process renders a second.

    python benchmarks/renderer.py PACK [--people 6]

Eight photos of each person, at 128 and 256 px, after a first person that loads the textures.
"""

import argparse
from pathlib import Path
from time import perf_counter, process_time

from foundry.portraits.pack import AssetPack
from foundry.portraits.person import draw_person
from foundry.portraits.photo import draw_photo
from foundry.portraits.renderer import Renderer

PHOTOS = 8


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("pack", type=Path)
    arguments.add_argument("--people", type=int, default=6)
    options = arguments.parse_args()
    renderer = Renderer(AssetPack(options.pack))
    for size in (128, 256):
        render(renderer, 0, size)
        wall, processor = perf_counter(), process_time()
        for seed in range(1, options.people + 1):
            render(renderer, seed, size)
        count = options.people * PHOTOS
        wall, processor = perf_counter() - wall, process_time() - processor
        print(f"{size} px: {count / wall:.1f}/s, {count / processor:.1f} a second of processor")


def render(renderer: Renderer, seed: int, size: int) -> None:
    person = draw_person(seed)
    for number in range(PHOTOS):
        renderer.picture(person, draw_photo(number, person), size)


if __name__ == "__main__":
    main()
