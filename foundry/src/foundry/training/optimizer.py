"""Muon for weight matrices, AdamW for everything else."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from foundry.recipe import Plan

# Quintic whose iteration drives singular values towards 1 (Jordan et al., Muon, 2024).
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


class Muon(Optimizer):
    """Momentum whose steps are orthogonalised, for weights of two or more axes.

    torch.optim.Muon takes matrices only; a convolution's kernel is one as well, its output
    channels against everything else. Steps are scaled by √max(1, rows/columns) (Jordan et al.).
    """

    def __init__(
        self, params: Iterable[Tensor], rate: float, momentum: float = 0.95, decay: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": rate, "momentum": momentum, "weight_decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # we need no closure
        for group in self.param_groups:
            alike: dict[torch.Size, list[Tensor]] = {}
            for weight in group["params"]:
                if weight.grad is not None:
                    alike.setdefault(weight.flatten(1).shape, []).append(weight)
            # Weights of one shape go through the iteration together: a GPU takes as long for one.
            for weights in alike.values():
                pushes = torch.stack([self._push(weight, group["momentum"]) for weight in weights])
                scale = max(1.0, pushes.shape[1] / pushes.shape[2]) ** 0.5
                for weight, direction in zip(weights, orthogonal(pushes), strict=True):
                    weight.mul_(1 - group["lr"] * group["weight_decay"])
                    weight.add_(direction.view_as(weight), alpha=-group["lr"] * scale)

    def _push(self, weight: Tensor, momentum: float) -> Tensor:
        assert weight.grad is not None
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        pushed = state["momentum"].lerp_(weight.grad, 1 - momentum)
        return weight.grad.lerp(pushed, momentum).flatten(1)


def orthogonal(matrices: Tensor, steps: int = 5) -> Tensor:
    """The nearest half-orthogonal matrices (n, rows, columns), roughly: singular values end between
    0.7 and 1.2."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = (matrices.mT if tall else matrices).to(
        torch.bfloat16, memory_format=torch.contiguous_format
    )
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = NEWTON_SCHULZ
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.mT if tall else x).to(matrices.dtype)


class Optimizers:
    """Both optimizers of one training, as one.

    `plain` names weights that Muon does not suit: embeddings, first and last layers.
    """

    def __init__(self, network: nn.Module, plan: Plan, plain: tuple[str, ...]) -> None:
        matrices: list[Tensor] = []
        others: list[Tensor] = []
        for name, weight in network.named_parameters():
            if weight.requires_grad:
                fits = weight.ndim >= 2 and not any(part in name for part in plain)
                (matrices if fits else others).append(weight)
        self._plan = plan
        decay = plan.weight_decay
        # A part may leave nothing to one of them, and torch's optimizers refuse to do nothing.
        self._each: dict[str, tuple[Optimizer, float]] = {}
        if matrices:
            self._each["muon"] = Muon(matrices, plan.matrix_rate, decay=decay), plan.matrix_rate
        if others:
            adam = AdamW(others, plan.rate, betas=(0.9, 0.95), weight_decay=decay, fused=True)
            self._each["adam"] = adam, plan.rate
        self._weights = matrices + others

    def step(self, share: float) -> Tensor:
        """Take one step at `share` of the plan's rates. Returns the gradient's norm before."""
        norm = nn.utils.clip_grad_norm_(self._weights, self._plan.max_gradient)
        for optimizer, rate in self._each.values():
            for group in optimizer.param_groups:
                group["lr"] = rate * share
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return norm

    def state_dict(self) -> dict[str, Any]:
        return {name: optimizer.state_dict() for name, (optimizer, _) in self._each.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, (optimizer, _) in self._each.items():
            optimizer.load_state_dict(state[name])


def rate_share(step: int, plan: Plan) -> float:
    """The share of the full rate at a step: warm-up, stable, linear decay to zero."""
    up = min(1.0, (step + 1) / plan.warmup) if plan.warmup else 1.0
    left = (plan.steps - step) / max(1.0, plan.decay * plan.steps)
    return min(up, 1.0, left)
