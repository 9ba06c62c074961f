"""Rendering shard by shard, in several processes, until all are there."""

import logging
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from foundry.errors import DriverCrash
from foundry.portraits.pack import AssetPack
from foundry.portraits.renderer import Renderer

T = TypeVar("T")
log = logging.getLogger(__name__)

_renderers: dict[Path, Renderer] = {}  # one for each process


def renderer_of(pack: Path) -> Renderer:
    """This process's renderer for a pack's folder."""
    if pack not in _renderers:
        _renderers[pack] = Renderer(AssetPack(pack))
    return _renderers[pack]


def render_shards(folder: Path, count: int, work: Callable[[int], None], workers: int) -> None:
    """Has `work` done for the numbers below `count` of which `folder` has no shard yet.

    A graphics driver that takes its process down costs that shard's time, no more: the rest goes on
    in new processes. Raises DriverCrash if not even one shard was finished by the last ones.
    """
    while missing := _missing(folder, count):
        try:
            in_processes(work, missing, workers)
        except BrokenProcessPool as crash:
            if len(_missing(folder, count)) == len(missing):
                raise DriverCrash(folder) from crash
            log.warning("a renderer crashed; going on with another")


def _missing(folder: Path, count: int) -> list[int]:
    return [n for n in range(count) if not (folder / f"{n:05d}.jsonl").exists()]


def in_processes(work: Callable[[T], None], items: Sequence[T], workers: int) -> None:
    """Has `work` done for all items, and tells how many are over."""
    # Spawned, because a graphics context does not survive a fork.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawned) as pool:
        shards = [pool.submit(work, item) for item in items]
        for done in tqdm(as_completed(shards), total=len(shards), unit="shard", mininterval=5):
            done.result()
