"""How many of the foundry's captions the script of videos understands.

    .venv/bin/python -m benchmarks.script FOOTAGE [--wordings N]

FOOTAGE is a folder that `foundry footage` wrote. For N wordings of what each clip shows, prints how
many name all the movements that the clip has, and no others, to the product, and how often it moves
the camera of a clip whose camera is still; then the captions that it does not understand.
"""

import argparse
from pathlib import Path

from foundry.footage import Footage
from foundry.portraits.moment import photo_moment
from foundry.portraits.motion_caption import draw_motion_caption
from likeness.engine.acting.script import write_script


def main() -> None:
    """Print two lines, and one for each caption that is not understood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("footage", type=Path)
    parser.add_argument("--wordings", type=int, default=3)
    options = parser.parse_args()
    data = Footage.open(options.footage)
    captions, shaken = 0, 0
    missed: list[str] = []
    for take in data.records:
        for seed in range(options.wordings):
            caption = draw_motion_caption(take.person, take.photo, take.motion, seed)
            start, motion = photo_moment(take.photo), take.motion
            script = write_script(caption, start, motion.frames, motion.rate, seed=0)
            captions += 1
            shaken += motion.camera == "still" != script.camera
            # Small turns of a head come by themselves, where nobody would move it.
            kinds = [moved.kind for moved in script.movements if not moved.watching]
            if motion.kinds and sorted(motion.kinds) != sorted(kinds):
                missed.append(f"{caption}: {', '.join(kinds)}")
    print(f"{captions - len(missed)} of {captions} captions are understood")
    print(f"{shaken} of them move a camera that is still")
    print("\n".join(missed))


if __name__ == "__main__":
    main()
