"""A cheap, stable id of a base's content, so that an adapter is never applied to another base."""

import hashlib
from pathlib import Path

# Files up to this size are read whole; of longer ones, evenly spaced blocks: reading all of a
# 20 GB base would take a minute, and two trainings of one architecture differ everywhere.
WHOLE = 4 << 20
BLOCK = 64 << 10
BLOCKS = 32


def fingerprint_of(folder: Path) -> str:
    """16 hex digits over names, sizes and content of a diffusers folder's parts.

    Counts `model_index.json` and every file of the component folders; not the manifest, whose
    recipes may change while adapters stay valid, nor readmes and other files beside them.
    """
    digest = hashlib.sha256()
    files = [folder / "model_index.json", *folder.glob("*/**/*")]
    for file in sorted(file for file in files if file.is_file() and not _hidden(file, folder)):
        size = file.stat().st_size
        digest.update(f"{file.relative_to(folder).as_posix()}\n{size}\n".encode())
        with file.open("rb") as stream:
            if size <= WHOLE:
                digest.update(stream.read())
                continue
            # The first block holds a safetensors file's header: names, types and shapes.
            for block in range(BLOCKS):
                stream.seek((size - BLOCK) * block // (BLOCKS - 1))
                digest.update(stream.read(BLOCK))
    return digest.hexdigest()[:16]


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__")) for part in file.relative_to(folder).parts)
