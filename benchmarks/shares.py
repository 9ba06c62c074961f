"""A training step on mini, its batch worked on whole or in shares.

    .venv/bin/python benchmarks/shares.py

Prints the seconds of a step with the batch whole on all of torch's threads, and with the batch
shared out between them, in one run, and the ratio.
"""

import time
from pathlib import Path

import torch

from likeness.bases import Identity, find_base, find_part
from likeness.engine.device import fastest_dtype, threads_shared_by
from likeness.engine.examples import encode_examples
from likeness.engine.faces import FaceReader
from likeness.engine.loading import load_base
from likeness.engine.photos import crop_photos
from likeness.engine.trainer import Trainer

PHOTOS = Path(__file__).parents[1] / "examples" / "people" / "asha" / "train"
STEPS = 6
CPU = torch.device("cpu")


def seconds_of_a_step(trainer: Trainer) -> float:
    """The mean of a few steps after one to warm up."""
    trainer.advance()
    started = time.monotonic()
    for _ in range(STEPS):
        trainer.advance()
    return (time.monotonic() - started) / STEPS


def main() -> None:
    """Print the figures."""
    base = find_base("mini")
    recipe = base.manifest.training

    def silent(_: int) -> None: ...

    reader = FaceReader.load(find_part("faces"))
    crops = crop_photos(sorted(PHOTOS.glob("*.jpg"))[:4], reader, recipe, silent)
    encoder = load_base(base, CPU, fastest_dtype(CPU))
    examples = encode_examples(encoder, crops, Identity("ohwx", "a woman"), silent)

    def trainer(shares: int) -> Trainer:
        return Trainer(load_base(base, CPU, fastest_dtype(CPU)), examples, recipe, CPU, shares)

    whole = seconds_of_a_step(trainer(1))
    with threads_shared_by(recipe.batch_size, CPU) as shares:
        shared = seconds_of_a_step(trainer(shares))
    threads = torch.get_num_threads()
    print(f"whole, {threads} threads: {whole:.2f} s; {shares} shares: {shared:.2f} s")
    print(f"{whole / shared:.1f} x as fast")


if __name__ == "__main__":
    main()
