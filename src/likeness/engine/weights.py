"""The weights of our small networks on disk: one safetensors file each."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from likeness.engine.errors import LoadFailed


def save_weights(network: nn.Module, file: Path) -> None:
    """Write what `load_weights` reads: bfloat16, but vectors (norms, biases) in float32, which
    are few and whose rounding would be seen."""
    save_file(
        {
            name: _rounded(weight.detach().cpu()).contiguous()
            for name, weight in network.state_dict().items()
            if weight.is_floating_point()
        },
        file,
    )


def load_weights(network: nn.Module, file: Path) -> None:
    """Give `network` the weights in `file`, in its own precision, for evaluation.

    Raises LoadFailed if they are missing, damaged, or another network's.
    """
    own = {name: w for name, w in network.state_dict().items() if w.is_floating_point()}
    try:
        saved = load_file(file)
    except (OSError, SafetensorError) as error:
        raise LoadFailed(file.parent, f"{file.name}: {error}") from error
    unlike = [name for name in own.keys() | saved.keys() if not _alike(name, own, saved)]
    if unlike:
        raise LoadFailed(file.parent, f"{file.name} is of another network ({min(unlike)})")
    with torch.no_grad():
        for name, weight in own.items():
            weight.copy_(saved[name])
    network.requires_grad_(False).eval()


def _alike(name: str, own: dict[str, Tensor], saved: dict[str, Tensor]) -> bool:
    return name in own and name in saved and own[name].shape == saved[name].shape


def _rounded(weight: Tensor) -> Tensor:
    return weight.bfloat16() if weight.ndim > 1 else weight.float()
