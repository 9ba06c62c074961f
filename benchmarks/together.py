"""What a picture takes when several are drawn at once.

    .venv/bin/python benchmarks/together.py [BASE]

Draws 1, 2, 4 and 8 pictures of one size at once, turn by turn, and prints the seconds of each
picture (the least of five turns) and the ratio to one that is drawn alone.
"""

import sys
import time

from likeness.bases import find_base, nearest_size
from likeness.engine.sampling import Sampler, SampleRequest

TOGETHER = (1, 2, 4, 8)
TURNS = 5
PROMPT = "a portrait photo of a woman, at the beach"


def main() -> None:
    """Measure."""
    sampler = Sampler(find_base(sys.argv[1] if len(sys.argv) > 1 else "mini"))
    width, height = nearest_size(sampler.base.manifest, 1024, 1024)

    def seconds(count: int) -> float:
        request = SampleRequest((PROMPT,) * count, tuple(range(count)), width, height)
        started = time.perf_counter()
        sampler.sample(request, None, lambda *_: None)
        return (time.perf_counter() - started) / count

    for count in TOGETHER:
        seconds(count)
    turns = [[seconds(count) for count in TOGETHER] for _ in range(TURNS)]
    least = [min(column) for column in zip(*turns, strict=True)]
    print(f"{'at once':>8} {'s a picture':>12} {'ratio':>6}")
    for count, each in zip(TOGETHER, least, strict=True):
        print(f"{count:8} {each:12.3f} {each / least[0]:6.2f}")


if __name__ == "__main__":
    main()
