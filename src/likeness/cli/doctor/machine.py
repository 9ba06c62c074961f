"""Base and device: what draws, and on what."""

import json
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from likeness.bases import Base, BaseError, find_base, find_part
from likeness.cli.checked import PARTS
from likeness.cli.doctor.finding import Finding, Findings, doubtful, fine, said, wrong
from likeness.settings import Settings

ROOM = 1.5
"""Memory that a base needs, in sizes of its weights: beside them are an adapter and the pictures
under way."""


def look_at_base(settings: Settings) -> Findings:
    """Is it installed, are its files whole, and are the small networks beside it there?"""
    try:
        base = find_base(settings.base)
        for part in PARTS:
            find_part(part)
    except BaseError as error:
        yield said(error)
        return
    folders = [base.folder, *([settings.video_base] if settings.video_base else [])]
    broken = [fault for folder in folders for fault in _broken(folder)]
    if broken:
        yield wrong(
            "; ".join(broken),
            "Get these files again. Git may keep something else in place of a large file: "
            "`git lfs pull` brings it.",
        )
        return
    size = _weights(base.folder)
    yield fine(f"{base.manifest.name}, {size / 1e9:.2f} GB of weights, {base.folder}")


def look_at_device(settings: Settings) -> Findings:
    """Is there what `LIKENESS_DEVICE` asks for, is it used, and does the base fit?"""
    if find_spec("torch") is None:
        yield wrong("torch is not installed", "Install it: the README says which.")
        return
    import torch

    from likeness.engine.device import choose_device, fastest_dtype
    from likeness.engine.errors import DeviceMissing

    try:
        device = choose_device(settings.device)
    except DeviceMissing as error:
        yield said(error)
        return
    dtype = str(fastest_dtype(device)).removeprefix("torch.")
    if device.type == "cuda":
        free, whole = torch.cuda.mem_get_info(device)
        name = torch.cuda.get_device_name(device)
        found = f"{name}, {free / 1e9:.1f} of {whole / 1e9:.1f} GB free, {dtype}"
        yield _fitting(found, free, settings)
    elif device.type == "cpu":
        threads = settings.threads or torch.get_num_threads()
        yield _fitting(f"the CPU, {threads} threads, {dtype}", _memory(), settings)
        if shutil.which("nvidia-smi") and settings.device == "auto":
            yield doubtful(
                "there is a driver of an NVIDIA card, and this torch cannot use it",
                "Install a torch with CUDA in place of this one, and look at `nvidia-smi`.",
            )
    else:
        yield fine(f"{device.type}, {dtype}")


def _fitting(found: str, free: int | None, settings: Settings) -> Finding:
    try:
        base: Base | None = find_base(settings.base)
    except BaseError:
        base = None  # told where the base is looked at
    if base is None or free is None:
        return fine(found)
    needed = ROOM * _weights(base.folder)
    if free >= needed:
        return fine(found)
    return doubtful(
        f"{found}; {base.manifest.name} wants about {needed / 1e9:.1f} GB",
        "End what else uses this memory, or name a smaller base.",
    )


def _memory() -> int | None:
    """Bytes of memory that this machine has; None where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _weights(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors"))


def _broken(folder: Path) -> list[str]:
    """What is wrong with files of weights, by their headers: nothing large is read."""
    faults: list[str] = []
    for index in folder.rglob("*.safetensors.index.json"):
        for name in sorted(set(json.loads(index.read_text())["weight_map"].values())):
            if not (index.parent / name).is_file():
                faults.append(f"{index.parent / name} is missing")
    return faults + [
        f"{path} is not whole" for path in sorted(folder.rglob("*.safetensors")) if _cut(path)
    ]


def _cut(path: Path) -> bool:
    """Whether a file is not as long as its header says, or has none (8 bytes of its length, then
    JSON: https://huggingface.co/docs/safetensors)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length <= size - 8:
            return True
        try:
            header = json.loads(file.read(length))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name[0] != "_"]
        except (ValueError, KeyError, TypeError, AttributeError):
            return True
    return 8 + length + max(ends, default=0) != size
