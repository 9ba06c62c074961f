"""What a second busy process costs a training step, with threads that spin and threads that sleep.

    .venv/bin/python benchmarks/contention.py

Runs two processes at once, each with as many torch threads as there are cores, both doing steps of
a LoRA's training on mini, and prints the slower one's time for a step under either wait policy, and
against one process alone.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

STEPS = 4


def steps() -> None:
    """Do a few training steps and print the seconds that one takes."""
    import torch

    from likeness.bases import find_base
    from likeness.engine.loading import load_base
    from likeness.engine.lora import FreshLora

    base = find_base("mini")
    loaded = load_base(base, torch.device("cpu"), torch.bfloat16)
    weights = list(FreshLora(loaded, base.manifest.training).weights().values())
    text = loaded.encode_text(["a portrait photo of a woman, wearing a red t-shirt"])[0]
    size = base.manifest.training.batch_size
    clean, moment = torch.randn(size, 16, 16, 16), torch.rand(size)
    started = 0.0
    for step in range(STEPS + 1):
        if step == 1:
            started = time.monotonic()
        with torch.autocast("cpu", torch.bfloat16):
            predicted = loaded.predict(clean, moment, [text] * size)
        torch.autograd.grad(predicted.square().mean(), weights)
    print((time.monotonic() - started) / STEPS)


def measure(processes: int, policy: str) -> float:
    """Seconds for a step in the slowest of some processes at once."""
    environment = {**os.environ, "OMP_WAIT_POLICY": policy}
    running = [
        subprocess.Popen(
            [sys.executable, Path(__file__), "steps"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(processes)
    ]
    return max(float(process.communicate()[0]) for process in running)


def main() -> None:
    """Print the figures."""
    for policy in ("PASSIVE", "ACTIVE"):
        alone, both = measure(1, policy), measure(2, policy)
        print(
            f"{policy}: alone {alone:.2f} s a step, two at once {both:.2f} s: {both / alone:.1f} x"
        )


if __name__ == "__main__":
    steps() if sys.argv[1:] == ["steps"] else main()
