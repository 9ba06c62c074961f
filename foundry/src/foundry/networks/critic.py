"""The critic that tells decoded faces from rendered ones."""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS = (32, 64, 128, 128)


class Critic(nn.Module):
    """How real each patch of a picture looks; its steepness is bounded by spectral norms (Miyato
    et al., 2018)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for number, width in enumerate(WIDTHS):
            stride = 2 if number else 1
            convolution = nn.Conv2d(before, width, 3, stride, padding=1)
            layers += [spectral_norm(convolution), nn.LeakyReLU(0.2)]
            before = width
        layers.append(spectral_norm(nn.Conv2d(before, 1, 3, padding=1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, 3, side, side) in −1..1 to (n, 1, side/8, side/8): above 0 is real."""
        return self.layers(pictures).float()
