"""Where training runs, and how its arithmetic is done there."""

import os

import cv2
import torch
from torch import nn

from likeness.engine.device import channels_last, fastest_dtype


def pick_device() -> torch.device:
    """The GPU if there is one, else the CPU with as many threads as OMP_NUM_THREADS says."""
    if torch.cuda.is_available():
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
        return torch.device("cuda")
    threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    return torch.device("cpu")


def place(network: nn.Module, device: torch.device) -> None:
    """Move a network to its device, convolutions laid out channels last."""
    channels_last(network).to(device)


def mixed(device: torch.device) -> torch.autocast:
    """Matrix products and convolutions in bfloat16 where hardware does it, the rest in float32."""
    fast = fastest_dtype(device) is torch.bfloat16
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)
