"""The asset pack: one head-and-torso mesh, what deforms it, what it wears, and the textures.

A pack is a folder with `mesh.npz` and `tex/`. Lengths are decimetres, y up, z towards the viewer,
x towards the viewer's right. `mesh.npz` holds these arrays (N vertices, M of them drawn):

- `V` (N, 3) float32: the neutral mesh. Some vertices are only there for proxies to hang on.
- `body_v` (M,) int32: vertex of each drawn corner; `body_uv` (M, 2) float32 in 0..1;
  `body_t` (T, 3) int32: triangles of corners.
- `wh`, `wl`, `wr` (N,) float32 in 0..1: how far a vertex follows the head, left arm, right arm.
- `J/<joint>` (K,) int32: vertices whose mean is that joint.
- `T_names` (S,) str, `T_off` (S+1,) int32, `T_idx` (sum,) uint16, `T_d` (sum, 3) float16: the
  morph targets; target s moves the vertices `T_idx[T_off[s]:T_off[s+1]]` by `T_d[...]`.
- `P/<category>/<name>/…`: proxies, meshes fitted on the body. `refs` (Q, 3) int32 and `w` (Q, 3)
  float32: vertices of the body and their weights; `off` (Q, 3) float32: offset from there; `sc`
  (3, 3) float64 or empty: per axis two vertices and the distance between them at which `off` was
  measured; `v`, `uv`, `t`: as for the body; `del` int32: vertices of the body that it hides.

`tex/` holds one image (webp, jpg or png) for each name that the proxies and skins ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from foundry.errors import FoundryError

Floats = NDArray[np.floating]  # float32 wherever there are many
Indices = NDArray[np.integer]

ARRAYS = ("V", "body_v", "body_uv", "body_t", "wh", "wl", "wr", "T_names", "T_off", "T_idx", "T_d")
JOINTS = ("l-eye", "r-eye", "l-shoulder", "r-shoulder", "neck", "head", "head-2", "mouth")
PROXY_ARRAYS = ("refs", "w", "off", "sc", "v", "uv", "t", "del")
TEXTURE_KINDS = (".webp", ".jpg", ".png")


class BadPack(FoundryError):
    """The folder is not an asset pack that pictures can be made from."""


@dataclass(frozen=True)
class Surface:
    """Triangles (T, 3) of corners; corner c lies at vertex `vertex[c]`, at `uv[c]` of a texture."""

    vertex: Indices
    uv: Floats
    triangles: Indices


@dataclass(frozen=True)
class Scale:
    """Along each of three axes, two vertices of the body and their distance when fitted."""

    pairs: Indices
    distance: Floats


@dataclass(frozen=True)
class Proxy:
    """A mesh that hangs on the body; see `fitting.fit`."""

    surface: Surface
    references: Indices
    weights: Floats
    offset: Floats
    scale: Scale | None
    hidden: Indices


@dataclass(frozen=True)
class Target:
    """A morph target: moves `vertices` (K,) by `delta` (K, 3)."""

    vertices: Indices
    delta: Floats


class AssetPack:
    """A pack in memory. Raises `BadPack` where files, arrays or shapes are not as documented."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / "mesh.npz"
        if not path.is_file():
            raise BadPack(f"{folder} has no mesh.npz")
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except (OSError, ValueError) as error:
            raise BadPack(f"{path} cannot be read: {error}") from error
        missing = [name for name in ARRAYS if name not in arrays]
        missing += [f"J/{name}" for name in JOINTS if f"J/{name}" not in arrays]
        if missing:
            raise BadPack(f"{path} lacks {', '.join(missing)}")
        self.vertices: Floats = arrays["V"].astype(np.float32)
        self.body = Surface(
            arrays["body_v"].astype(np.int64),
            arrays["body_uv"].astype(np.float32),
            arrays["body_t"].astype(np.int64),
        )
        self.head_weight: Floats = arrays["wh"].astype(np.float32)
        self.arm_weights: tuple[Floats, Floats] = (
            arrays["wl"].astype(np.float32),
            arrays["wr"].astype(np.float32),
        )
        self.joints: Mapping[str, Indices] = {
            name: arrays[f"J/{name}"].astype(np.int64) for name in JOINTS
        }
        self.targets: Mapping[str, Target] = _targets(arrays)
        self.proxies: Mapping[str, Proxy] = _proxies(arrays)
        self._check()

    @cached_property
    def textures(self) -> Mapping[str, Path]:
        """Path of each texture by its name."""
        return {
            path.stem: path
            for path in sorted((self.folder / "tex").glob("*"))
            if path.suffix in TEXTURE_KINDS
        }

    def image(self, name: str, about: int | None = None) -> Image.Image:
        """The texture `name`, RGB or RGBA; a JPEG may come scaled to `about` that many pixels."""
        path = self.textures.get(name)
        if path is None:
            raise BadPack(f"{self.folder} has no texture {name!r}")
        with Image.open(path) as image:
            if about:
                image.draft("RGB", (about, about))
            return image.convert("RGBA" if image.mode in ("RGBA", "LA", "P") else "RGB")

    def target(self, name: str) -> Target:
        try:
            return self.targets[name]
        except KeyError:
            raise BadPack(f"{self.folder} has no morph target {name!r}") from None

    def proxy(self, name: str) -> Proxy:
        try:
            return self.proxies[name]
        except KeyError:
            raise BadPack(f"{self.folder} has no proxy {name!r}") from None

    def joint(self, vertices: Floats, name: str) -> Floats:
        """Where joint `name` (3,) lies in the deformed mesh `vertices` (N, 3)."""
        return vertices[self.joints[name]].mean(axis=0)

    def _check(self) -> None:
        count = len(self.vertices)
        if self.vertices.shape != (count, 3):
            raise BadPack(f"V has shape {self.vertices.shape}, not (N, 3)")
        for name, weights in zip(
            ("wh", "wl", "wr"), (self.head_weight, *self.arm_weights), strict=True
        ):
            if weights.shape != (count,):
                raise BadPack(f"{name} has shape {weights.shape}, not ({count},)")
        _check_surface("body", self.body, count)
        for name, joint in self.joints.items():
            _check_indices(f"J/{name}", joint, count)
        for name, target in self.targets.items():
            _check_indices(f"target {name}", target.vertices, count)
        for name, proxy in self.proxies.items():
            _check_surface(name, proxy.surface, len(proxy.references))
            _check_indices(f"{name} refs", proxy.references, count)
            _check_indices(f"{name} del", proxy.hidden, count)


def _targets(arrays: Mapping[str, NDArray]) -> dict[str, Target]:
    starts = arrays["T_off"].astype(np.int64)
    indices, deltas = arrays["T_idx"].astype(np.int64), arrays["T_d"].astype(np.float32)
    names = [str(name) for name in arrays["T_names"]]
    if len(starts) != len(names) + 1 or starts[-1] != len(indices) or len(deltas) != len(indices):
        raise BadPack("T_names, T_off, T_idx and T_d do not fit together")
    return {
        name: Target(indices[a:b], deltas[a:b])
        for name, a, b in zip(names, starts[:-1], starts[1:], strict=True)
    }


def _proxies(arrays: Mapping[str, NDArray]) -> dict[str, Proxy]:
    parts: dict[str, dict[str, NDArray]] = {}
    for key, array in arrays.items():
        if key.startswith("P/"):
            name, _, field = key.removeprefix("P/").rpartition("/")
            parts.setdefault(name, {})[field] = array
    for name, fields in parts.items():
        missing = [field for field in PROXY_ARRAYS if field not in fields]
        if missing:
            raise BadPack(f"proxy {name} lacks {', '.join(missing)}")
    return {name: _proxy(fields) for name, fields in parts.items()}


def _proxy(fields: Mapping[str, NDArray]) -> Proxy:
    scale = fields["sc"]
    return Proxy(
        surface=Surface(
            fields["v"].astype(np.int64),
            fields["uv"].astype(np.float32),
            fields["t"].astype(np.int64),
        ),
        references=fields["refs"].astype(np.int64),
        weights=fields["w"].astype(np.float32),
        offset=fields["off"].astype(np.float32),
        scale=Scale(scale[:, :2].astype(np.int64), scale[:, 2].astype(np.float32))
        if len(scale)
        else None,
        hidden=fields["del"].astype(np.int64),
    )


def _check_surface(name: str, surface: Surface, vertices: int) -> None:
    corners = len(surface.vertex)
    if surface.uv.shape != (corners, 2):
        raise BadPack(f"{name} uv has shape {surface.uv.shape}, not ({corners}, 2)")
    if surface.triangles.ndim != 2 or surface.triangles.shape[1] != 3:
        raise BadPack(f"{name} has triangles of shape {surface.triangles.shape}, not (T, 3)")
    _check_indices(f"{name} v", surface.vertex, vertices)
    _check_indices(f"{name} t", surface.triangles, corners)


def _check_indices(name: str, indices: Indices, count: int) -> None:
    if indices.size and (indices.min() < 0 or indices.max() >= count):
        raise BadPack(f"{name} points outside of {count}")
