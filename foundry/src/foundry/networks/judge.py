"""The judge: plain residual networks, unlike the ones that ship, that look at whole pictures."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, normalize

from foundry.questions import QUESTIONS

LOOKED_AT = 128  # px: whole pictures
ALIGNED = 96  # px: crops of faces
EMBEDDING = 256
FEATURES = 192
WIDTHS = (32, 64, 96, FEATURES)
NARROW = 32
PLACES = NARROW * (ALIGNED // 16) ** 2
YAW_SPREAD = 45.0  # degrees
CLOSE = ("expression", "eyewear")  # questions that need a closer look at the face
WIDE = tuple(name for name in QUESTIONS if name not in CLOSE)


class Residual(nn.Module):
    """Two 3×3 convolutions and a way around (He et al., 2016)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.one_norm = nn.BatchNorm2d(outputs)
        self.two = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.two_norm = nn.BatchNorm2d(outputs)
        self.around: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.around = nn.Sequential(nn.AvgPool2d(stride), nn.Conv2d(inputs, outputs, 1))

    def forward(self, x: Tensor) -> Tensor:
        y = self.two_norm(self.two(self.one_norm(self.one(x)).relu()))
        return (y + self.around(x)).relu()


class Trunk(nn.Module):
    """Maps at an eighth and at a sixteenth of the picture's side."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third, last = WIDTHS
        self.stem = nn.Conv2d(3, first, 5, 2, 2)
        self.fine = nn.Sequential(
            Residual(first, second, 2), Residual(second, third, 2), Residual(third, third, 1)
        )
        self.coarse = nn.Sequential(Residual(third, last, 2), Residual(last, last, 1))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.fine(self.stem(pictures).relu())
        return fine, self.coarse(fine)


@dataclass(frozen=True)
class Seen:
    """Of n pictures: `logits` (n, answers) for each WIDE question, `yaw` (n) in degrees,
    `landmarks` (n, 5, 2) in shares of the side, `features` (n, 192) for a Fréchet distance."""

    logits: Mapping[str, Tensor]
    yaw: Tensor
    landmarks: Tensor
    features: Tensor


@dataclass(frozen=True)
class Known:
    """Of n faces: `embeddings` (n, 256) of length 1, `logits` (n, answers) for each CLOSE question,
    and `places` (n, PLACES), what both are read from: what is seen where in the face."""

    embeddings: Tensor
    logits: Mapping[str, Tensor]
    places: Tensor


class Viewer(nn.Module):
    """Answers WIDE questions about a whole picture. Each question looks where it has to: it weighs
    the places of the last map by itself.

    Landmarks are the means of five heat maps (Sun et al., "Integral human pose regression", 2018).
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Trunk()
        self.places_heads = nn.Conv2d(FEATURES, len(WIDE) + 1, 1)
        self.answer_heads = nn.ModuleList(
            nn.Linear(FEATURES, len(QUESTIONS[name])) for name in WIDE
        )
        self.yaw_heads = nn.Linear(FEATURES, 1)
        self.fine_heads = nn.Conv2d(WIDTHS[2], 5, 1)
        self.coarse_heads = nn.Conv2d(FEATURES, 5, 1)

    def forward(self, pictures: Tensor) -> Seen:
        """`pictures` (n, 3, side, side) in −1..1, the side a multiple of 16."""
        fine, coarse = self.trunk(pictures)
        places = self.places_heads(coarse).float().flatten(2).softmax(dim=-1)
        views = torch.einsum("nqp,ncp->qnc", places, coarse.float().flatten(2))
        logits = {
            name: head(view).float()
            for name, head, view in zip(WIDE, self.answer_heads, views[:-1], strict=True)
        }
        heat = self.fine_heads(fine) + interpolate(self.coarse_heads(coarse), scale_factor=2.0)
        return Seen(
            logits=logits,
            yaw=YAW_SPREAD * self.yaw_heads(views[-1]).float()[:, 0],
            landmarks=_means(heat.float()),
            features=coarse.float().mean(dim=(2, 3)),
        )


class Knower(nn.Module):
    """Says whose face it is and answers CLOSE questions, from crops aligned by landmarks."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Trunk()
        self.narrow = nn.Conv2d(FEATURES, NARROW, 1, bias=False)
        self.narrow_norm = nn.BatchNorm2d(NARROW)
        self.identity = nn.Linear(PLACES, EMBEDDING)
        self.answer_heads = nn.ModuleList(nn.Linear(PLACES, len(QUESTIONS[name])) for name in CLOSE)

    def forward(self, crops: Tensor) -> Known:
        """`crops` (n, 3, 96, 96) in −1..1."""
        _, coarse = self.trunk(crops)
        places = self.narrow_norm(self.narrow(coarse)).flatten(1)
        return Known(
            embeddings=normalize(self.identity(places).float(), dim=1),
            logits={
                name: head(places).float()
                for name, head in zip(CLOSE, self.answer_heads, strict=True)
            },
            places=places.float(),
        )


class JudgeNetwork(nn.Module):
    """Both, as they are trained together."""

    def __init__(self) -> None:
        super().__init__()
        self.viewer = Viewer()
        self.knower = Knower()


def _means(heat: Tensor) -> Tensor:
    """(n, k, rows, columns) to (n, k, 2): the mean place of each map, x and y in shares."""
    rows, columns = heat.shape[2:]
    share = heat.flatten(2).softmax(dim=-1).unflatten(-1, (rows, columns))
    x = (torch.arange(columns, device=heat.device) + 0.5) / columns
    y = (torch.arange(rows, device=heat.device) + 0.5) / rows
    return torch.stack([share.sum(dim=2) @ x, share.sum(dim=3) @ y], dim=-1)
