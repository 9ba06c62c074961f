"""Where on the body lips, beards, cheeks and scalp lie."""

import numpy as np

from foundry.portraits.pack import AssetPack, Floats

EAR_TARGETS = ("ears/l-ear-wing-incr", "ears/r-ear-wing-incr")
LIP_TARGETS = ("mouth/mouth-upperlip-volume-incr", "mouth/mouth-lowerlip-volume-incr")


class Regions:
    """Masks (N,) in 0..1 per vertex of the pack's neutral mesh, `scalp` (M,) per corner."""

    def __init__(self, pack: AssetPack) -> None:
        self.lips = _lips(pack)
        x, y, z = np.abs(pack.vertices[:, 0]), pack.vertices[:, 1], pack.vertices[:, 2]
        # The beard ends at a line from the ear (y 7.15) down to the corner of the mouth.
        line = 6.72 + smoothstep(0.38, 0.95, x) * 0.22 + smoothstep(0.72, 0.98, x) * 0.35
        jaw = 1 - smoothstep(line - 0.22, line + 0.12, y)
        jaw *= smoothstep(5.93, 6.20, y - 0.10 * (1 - smoothstep(0.2, 0.9, z)))
        jaw *= smoothstep(0.22, 0.50, z)
        jaw *= 1 - 0.9 * (1 - smoothstep(0.26, 0.36, x)) * smoothstep(6.76, 6.84, y)
        moustache = smoothstep(6.64, 6.71, y)
        moustache *= 1 - smoothstep(6.80, 6.88, y + 0.6 * x * x)
        moustache *= (1 - smoothstep(0.26, 0.42, x)) * smoothstep(1.2, 1.35, z)
        chin = (1 - smoothstep(0.30, 0.42, x)) * smoothstep(0.9, 1.1, z) * (y < 6.85)
        self.beard: Floats = np.clip(np.maximum(jaw, moustache), 0, 1) * (1 - self.lips)
        self.goatee: Floats = np.maximum(jaw * chin, moustache) * (1 - self.lips)
        blush = np.exp(-(((x - 0.48) / 0.22) ** 2 + ((y - 6.98) / 0.2) ** 2))
        self.cheeks: Floats = blush * smoothstep(0.8, 1.1, z)
        self.scalp = _scalp(pack) * (1 - _ears(pack))[pack.body.vertex]


def smoothstep(low: Floats | float, high: Floats | float, value: Floats) -> Floats:
    share = np.clip((value - low) / (high - low), 0, 1).astype(np.float32)
    return share * share * (3 - 2 * share)


def _lips(pack: AssetPack) -> Floats:
    lips = np.zeros(len(pack.vertices), np.float32)
    for name in LIP_TARGETS:
        target = pack.target(name)
        moved = np.linalg.norm(target.delta, axis=1)
        lips[target.vertices] = np.maximum(lips[target.vertices], moved / moved.max())
    return np.clip((lips - 0.18) / 0.3, 0, 1)


def _ears(pack: AssetPack) -> Floats:
    """Hair does not grow on ears."""
    ears = np.zeros(len(pack.vertices), np.float32)
    for name in EAR_TARGETS:
        target = pack.target(name)
        moved = np.linalg.norm(target.delta, axis=1)
        ears[target.vertices] = moved / moved.max()
    return smoothstep(0.12, 0.35, ears)


def _scalp(pack: AssetPack) -> Floats:
    image = np.asarray(pack.image("scalp").convert("RGB"), np.float32)[..., 0] / 255
    height, width = image.shape
    u, v = pack.body.uv.T
    rows = np.clip(((1 - v) * (height - 1)).astype(int), 0, height - 1)
    columns = np.clip((u * (width - 1)).astype(int), 0, width - 1)
    return image[rows, columns]
