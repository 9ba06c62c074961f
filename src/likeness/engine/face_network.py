"""The networks that find a face and say whose it is: small enough for one core of a laptop."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, normalize
from torch.nn.utils.fusion import fuse_conv_bn_eval

LOOKED_AT = 128  # px: the detector's longer side
STRIDE = 8  # px from one cell of the detector's grid to the next
ALIGNED = 96  # px: the side of the recogniser's crops
EMBEDDING = 128
EYEWEAR = ("none", "glasses", "sunglasses")
EXPRESSIONS = (
    *("with a neutral expression", "smiling", "smiling broadly", "laughing", "looking surprised"),
    *("looking sad", "looking angry", "looking serious", "with eyes closed", "pouting"),
)
"""As captions say them."""
AGE_MIDDLE, AGE_SPREAD = 40.0, 20.0  # years
YAW_SPREAD = 45.0  # degrees
LARGEST_LOG = 2.5  # of a side in units of 32 px: beyond any picture that is looked at


class Normed(nn.Sequential):
    """A convolution and the normalisation of its output, which `fold_norms` makes part of it."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs),
        )


class Depthwise(nn.Sequential):
    def __init__(self, width: int, kernel: int) -> None:
        super().__init__(
            nn.Conv2d(width, width, kernel, padding=kernel // 2, groups=width, bias=False),
            nn.BatchNorm2d(width),
        )


class InvertedResidual(nn.Module):
    """What is around within each channel, then wider, then narrow again, added to the input.

    Of Sandler et al., "MobileNetV2", 2018, with the order of Liu et al., "A ConvNet for the
    2020s", 2022: whatever is not a product of matrices happens where the map is narrow, which
    trains three times as fast on a CPU.
    """

    def __init__(self, width: int, kernel: int, expansion: int = 3) -> None:
        super().__init__()
        self.depthwise = Depthwise(width, kernel)
        self.wide = nn.Conv2d(width, expansion * width, 1)
        self.narrow = nn.Conv2d(expansion * width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.narrow(self.wide(self.depthwise(x)).relu())


def _stage(inputs: int, outputs: int, blocks: int, kernel: int = 3) -> nn.Sequential:
    """Halve the sides, then stay."""
    smaller = Normed(inputs, outputs, kernel=3, stride=2)
    return nn.Sequential(smaller, *(InvertedResidual(outputs, kernel) for _ in range(blocks)))


@dataclass(frozen=True)
class Sightings:
    """What the detector says in each cell of a (rows, columns) grid over n pictures.

    `scores` (n, rows, columns) are logits; `centres` (n, rows, columns, 2), `sides` (n, rows,
    columns) and `landmarks` (n, rows, columns, 5, 2) are in px of the picture looked at.
    """

    scores: Tensor
    centres: Tensor
    sides: Tensor
    landmarks: Tensor


class FaceDetector(nn.Module):
    """Without anchors: each cell says whether a face's centre is near, and describes that face.

    Centre and landmarks are told from the cell's middle in units of the face's side, the side as a
    logarithm (in the manner of Zhou et al., "Objects as points", 2019).
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Normed(3, 16, kernel=3, stride=2)
        self.fine = nn.Sequential(_stage(16, 32, 1), _stage(32, 48, 3))
        self.coarse = _stage(48, 80, 4, kernel=5)
        self.from_fine = Normed(48, 48)
        self.from_coarse = Normed(80, 48)
        self.joined = nn.Sequential(InvertedResidual(48, 3), InvertedResidual(48, 3))
        self.heads = nn.Conv2d(48, 14, 1)
        nn.init.constant_(self.heads.bias[:1], -4.0)  # type: ignore[index]  # it has a bias

    def forward(self, pictures: Tensor) -> Sightings:
        """`pictures` (n, 3, height, width) in −1..1, sides multiples of 16."""
        fine = self.fine(self.stem(pictures).relu())
        wide = interpolate(self.from_coarse(self.coarse(fine)), scale_factor=2.0, mode="nearest")
        said = self.heads(self.joined((self.from_fine(fine) + wide).relu())).float()
        said = said.permute(0, 2, 3, 1)
        sides = 32 * said[..., 1].clamp(-LARGEST_LOG, LARGEST_LOG).exp()
        cells = cell_middles(said.shape[1], said.shape[2]).to(said.device)
        spots = said[..., 2:14].unflatten(-1, (6, 2)) * sides[..., None, None]
        spots = spots + cells[:, :, None]
        return Sightings(said[..., 0], spots[..., 0, :], sides, spots[..., 1:, :])


def cell_middles(rows: int, columns: int) -> Tensor:
    """(rows, columns, 2): x and y in px."""
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    return STRIDE * (torch.stack([x, y], dim=-1) + 0.5)


@dataclass(frozen=True)
class Descriptions:
    """What the recogniser says of n faces: `embeddings` (n, 128) of length 1; logits of `man`
    (n), of EYEWEAR (n, 3) and of EXPRESSIONS (n, 10); `age` (n) in years; `yaw` (n) in degrees.
    """

    embeddings: Tensor
    man: Tensor
    age: Tensor
    eyewear: Tensor
    yaw: Tensor
    expression: Tensor


class FaceRecogniser(nn.Module):
    """Who a face is, and what is to be seen in it, from a crop of 96 px.

    The last map becomes one vector by weights for each place (Chen et al., "MobileFaceNets",
    2018): a mean would forget what is where.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Normed(3, 24, kernel=3, stride=2)
        self.body = nn.Sequential(_stage(24, 48, 2), _stage(48, 88, 4), _stage(88, 160, 3))
        self.widen = Normed(160, 256)
        self.places = nn.Parameter(torch.randn(256, ALIGNED // 16, ALIGNED // 16) / 6)
        self.identity = nn.Linear(256, EMBEDDING)
        self.heads = nn.Linear(256, 6 + len(EXPRESSIONS))

    def forward(self, crops: Tensor) -> Descriptions:
        """`crops` (n, 3, 96, 96) in −1..1."""
        maps = self.widen(self.body(self.stem(crops).relu())).relu()
        known = (maps * self.places).sum(dim=(2, 3))
        said = self.heads(known).float()
        return Descriptions(
            embeddings=normalize(self.identity(known).float(), dim=1),
            man=said[:, 0],
            age=AGE_MIDDLE + AGE_SPREAD * said[:, 1],
            eyewear=said[:, 2:5],
            yaw=YAW_SPREAD * said[:, 5],
            expression=said[:, 6:],
        )


class FaceNetwork(nn.Module):
    """Both, as they are trained and shipped together."""

    def __init__(self) -> None:
        super().__init__()
        self.detector = FaceDetector()
        self.recogniser = FaceRecogniser()


def fold_norms(network: nn.Module) -> None:
    """Make every normalisation part of the convolution before it; for evaluation only."""
    for module in network.modules():
        if isinstance(module, Normed | Depthwise):
            convolution, norm = module[0], module[1]
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                module[0] = fuse_conv_bn_eval(convolution, norm)
                module[1] = nn.Identity()
