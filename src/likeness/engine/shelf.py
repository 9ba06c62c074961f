"""Adapters within reach of one loaded base: applied in milliseconds, without loading it again."""

import warnings
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from likeness.bases import Base
from likeness.engine.adapter import AdapterCard, read_adapter
from likeness.engine.errors import AdapterMismatch
from likeness.engine.families.family import LoadedBase


@dataclass(frozen=True)
class _Edition:
    """One content of one file: a file that was written again is another adapter."""

    file: Path
    modified: int
    size: int


@dataclass(frozen=True)
class _Shelved:
    """An adapter inside the network: its name there, and its card."""

    name: str
    card: AdapterCard


class AdapterShelf:
    """The adapters most recently used with a loaded base; at most one of them is applied.

    Room for `room` adapters; the one unused for longest makes way.
    """

    def __init__(self, base: Base, loaded: LoadedBase, room: int = 8) -> None:
        self._base = base
        self._prefix = loaded.adapter_prefix
        # Every diffusers network has the peft mixin, whose methods carry no types.
        self._network: Any = loaded.network
        self._dtype = next(loaded.network.parameters()).dtype
        self._room = room
        self._shelved: OrderedDict[_Edition, _Shelved] = OrderedDict()
        self._numbers = count()

    def apply(self, file: Path | None) -> AdapterCard | None:
        """Make the network speak with this adapter, as strongly as the base's manifest says, or as
        the plain base when None.

        Returns the adapter's card. Raises AdapterUnreadable, or AdapterMismatch when it was trained
        on another base; the network is then as before.
        """
        if file is None:
            if self._shelved:
                self._network.disable_adapters()
            return None
        adapter = self._fetch(file)
        self._network.enable_adapters()
        strength = self._base.manifest.sampling.adapter_strength
        self._network.set_adapters([adapter.name], [strength])
        return adapter.card

    def has(self, file: Path) -> bool:
        """Whether an adapter is here."""
        return _edition(file) in self._shelved

    def _fetch(self, file: Path) -> _Shelved:
        edition = _edition(file)
        if edition not in self._shelved:
            adapter = self._inject(file)
            while len(self._shelved) >= self._room:
                _, oldest = self._shelved.popitem(last=False)
                self._network.delete_adapters(oldest.name)
            self._shelved[edition] = adapter
        self._shelved.move_to_end(edition)
        return self._shelved[edition]

    def _inject(self, file: Path) -> _Shelved:
        adapter = read_adapter(file)
        if adapter.card.fingerprint != self._base.fingerprint:
            here = f"{self._base.manifest.name} ({self._base.fingerprint})"
            trained_on = f"{adapter.card.base} ({adapter.card.fingerprint})"
            raise AdapterMismatch(file, trained_on, here)
        name = f"adapter_{next(self._numbers)}"
        with warnings.catch_warnings():
            # peft warns of what a shelf is for: several adapters in one network.
            warnings.filterwarnings("ignore", message="Already found a `peft_config`")
            self._network.load_lora_adapter(
                {key: value.to(self._dtype) for key, value in adapter.weights.items()},
                prefix=self._prefix,
                adapter_name=name,
                metadata=adapter.lora_config,
            )
        return _Shelved(name, adapter.card)


def _edition(file: Path) -> _Edition:
    try:
        found = file.stat()
    except OSError:
        return _Edition(file, 0, 0)  # reading it says what is wrong
    return _Edition(file.resolve(), found.st_mtime_ns, found.st_size)
