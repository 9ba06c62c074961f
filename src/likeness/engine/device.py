"""Where the arithmetic happens, and in which precision."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import torch
from torch import nn

from likeness.engine.errors import DeviceMissing

N = TypeVar("N", bound=nn.Module)


def choose_device(wanted: str) -> torch.device:
    """The device for "auto", "cpu", "cuda", "cuda:1" or "mps".

    "auto" takes CUDA, else Apple's MPS, else the CPU. Raises DeviceMissing when this machine does
    not have what is asked for.
    """
    there = _devices()
    if wanted == "auto":
        return torch.device(there[0])
    name = "cuda:0" if wanted == "cuda" else wanted
    if name not in there:
        raise DeviceMissing(wanted, there)
    return torch.device(name)


def limit_threads(count: int) -> None:
    """Let torch use `count` CPU threads in this process. Raises ValueError below 1."""
    if count < 1:
        raise ValueError(f"torch needs at least one thread, not {count}.")
    torch.set_num_threads(count)


def channels_last(network: N) -> N:
    """Lay out a network's convolutions as CPUs and GPUs read them fastest. Returns the network."""
    # torch documents this call and declares no overload for it.
    return cast(Any, network).to(memory_format=torch.channels_last)


@contextmanager
def threads_shared_by(samples: int, device: torch.device) -> Generator[int]:
    """Share out torch's CPU threads: yields in how many shares to work on a batch at once.

    Inside, each share has its part of the threads for itself. Anything but a CPU takes a batch
    whole. How much faster that makes a training step: `benchmarks/shares.py`.
    """
    threads = torch.get_num_threads()
    shares = min(threads, samples) if device.type == "cpu" else 1
    torch.set_num_threads(max(1, threads // shares))
    try:
        yield shares
    finally:
        torch.set_num_threads(threads)


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where it is done in hardware, else float32.

    On a CPU that is AVX512-BF16: without it, bfloat16 is emulated and slower than float32.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    if device.type == "cpu" and torch.cpu.get_capabilities().get("avx512_bf16", False):
        return torch.bfloat16
    return torch.float32


def _devices() -> list[str]:
    cuda = [f"cuda:{index}" for index in range(torch.cuda.device_count())]
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [*cuda, *mps, "cpu"]
