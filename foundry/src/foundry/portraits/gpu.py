"""What lives on the GPU: programs, textures and meshes of one OpenGL context (EGL, no window)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import moderngl
import numpy as np
from PIL import Image

from foundry.errors import FoundryError
from foundry.portraits.lights import GAMMA
from foundry.portraits.pack import AssetPack, Floats, Indices, Surface
from foundry.portraits.primitives import Solid

MATERIALS: Mapping[str, tuple[str, ...]] = {  # fragment shader: what comes before main
    "skin": ("lighting", "skin.frag"),
    "cards": ("lighting", "strands", "trim", "cards.frag"),
    "fur": ("lighting", "strands", "fur.frag"),
    "cloth": ("lighting", "cloth.frag"),
    "eye": ("lighting", "eye.frag"),
    "mouth": ("lighting", "mouth.frag"),
    "brow": ("lighting", "brow.frag"),
    "metal": ("lighting", "metal.frag"),
    "lens": ("lighting", "lens.frag"),
    "depth": ("solid.frag",),
    "cutout": ("trim", "depth.frag"),
}
UNITS: Mapping[str, int] = {  # texture unit of each sampler
    "colour_map": 0,
    "first_skin": 0,
    "second_skin": 1,
    "normal_map": 2,
    "scalp_map": 3,
    "shadow_map": 4,
    "noise_map": 5,
    "volume": 6,
}
SHAPE_LAYOUT = ("3f 3f", "position", "normal")
LOOK_LAYOUT = ("2f 1f 1f 4f", "uv", "occlusion", "head_weight", "marks")
NOISE_SIZE = 64
SKIN_PIXELS = 1024  # skins are no larger than this: finer detail is never seen

Value = float | int | tuple[float, ...] | Floats


class NoGpu(FoundryError):
    """There is no OpenGL to render with."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"People are rendered with OpenGL through EGL, which is not to be had: {why}. Install "
            "the GPU's driver, or Mesa's software renderer (Debian: libegl1, libgl1-mesa-dri)."
        )


@dataclass(frozen=True)
class Texture:
    """`tone` is the mean of its painted part as seen, `light` the mean in linear light (0..1)."""

    image: moderngl.Texture
    tone: float
    light: float


@dataclass(frozen=True)
class Mesh:
    """`shape` holds position and normal per corner, `look` what `LOOK_LAYOUT` says."""

    shape: moderngl.Buffer
    look: moderngl.Buffer
    index: moderngl.Buffer
    arrays: dict[str, moderngl.VertexArray] = field(default_factory=dict)

    def with_triangles(self, index: moderngl.Buffer) -> "Mesh":
        return Mesh(self.shape, self.look, index)

    def relit(self, other: "Mesh") -> "Mesh":
        """This mesh, still moved by its own `shape`, with the look of `other`."""
        return Mesh(self.shape, other.look, self.index)


class Gpu:
    def __init__(self, pack: AssetPack) -> None:
        self.pack = pack
        try:
            self.context = moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]  # typed as a dictionary of all options
        except Exception as error:  # the backend raises plain Exception
            raise NoGpu(str(error)) from error
        self.context.gc_mode = "context_gc"
        self.programs = {name: self._program(name) for name in MATERIALS}
        self.backdrop = self.context.program(_source("backdrop.vert"), _source("backdrop.frag"))
        triangle = np.array([-1, -1, 3, -1, -1, 3], "f4")
        self.screen = self.context.simple_vertex_array(
            self.backdrop, self.context.buffer(triangle.tobytes()), "position"
        )
        self.white = self.context.texture((1, 1), 4, b"\xff" * 4)
        noise = np.random.default_rng(3)
        self.noise = self._noise(noise.integers(0, 256, (NOISE_SIZE,) * 2 + (4,), np.uint8))
        voxels = noise.integers(0, 256, (NOISE_SIZE,) * 3 + (4,), np.uint8)
        self.volume = self.context.texture3d(
            (NOISE_SIZE, NOISE_SIZE, NOISE_SIZE), 4, voxels.tobytes()
        )
        self.volume.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._textures: dict[str, Texture] = {}

    def texture(self, name: str) -> Texture:
        """The pack's texture, uploaded once."""
        if name not in self._textures:
            self._textures[name] = self._upload(
                self.pack.image(name, about=SKIN_PIXELS), name.startswith("skin_")
            )
        return self._textures[name]

    def mesh(
        self,
        surface: Surface,
        points: Floats,
        normals: Floats,
        head_weight: Floats,
        occlusion: Floats,
        marks: Floats | None = None,
    ) -> Mesh:
        """A mesh whose arrays, but for `marks` (corners, 4), are per vertex of `surface`."""
        at = surface.vertex
        look = np.zeros((len(at), 8), np.float32)
        look[:, :2] = surface.uv
        look[:, 2] = occlusion[at]
        look[:, 3] = head_weight[at]
        if marks is not None:
            look[:, 4:] = marks
        return Mesh(
            self.context.buffer(interleaved(points[at], normals[at])),
            self.context.buffer(look.tobytes()),
            self.index(surface.triangles),
        )

    def solid(
        self,
        solid: Solid,
        head_weight: Floats,
        occlusion: float = 1.0,
        uv: Floats | None = None,
    ) -> Mesh:
        count = len(solid.points)
        surface = Surface(
            np.arange(count),
            np.zeros((count, 2), np.float32) if uv is None else uv,
            solid.triangles,
        )
        open_ = np.full(count, occlusion, np.float32)
        return self.mesh(surface, solid.points, solid.normals, head_weight, open_)

    def index(self, triangles: Indices) -> moderngl.Buffer:
        return self.context.buffer(np.ascontiguousarray(triangles, "i4").tobytes())

    def array(self, mesh: Mesh, material: str) -> moderngl.VertexArray:
        """The mesh bound to a material's program."""
        if material not in mesh.arrays:
            program = self.programs[material]
            content = [
                (buffer, *_used(layout, program))
                for buffer, layout in ((mesh.shape, SHAPE_LAYOUT), (mesh.look, LOOK_LAYOUT))
            ]
            mesh.arrays[material] = self.context.vertex_array(program, content, mesh.index)
        return mesh.arrays[material]

    def _program(self, material: str) -> moderngl.Program:
        vertex = "depth.vert" if material in ("depth", "cutout") else "surface.vert"
        program = self.context.program(_source("pose", vertex), _source(*MATERIALS[material]))
        set_uniforms(program, {name: unit for name, unit in UNITS.items() if name in program})
        return program

    def _noise(self, texels: np.ndarray) -> moderngl.Texture:
        texture = self.context.texture((NOISE_SIZE, NOISE_SIZE), 4, texels.tobytes())
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        return texture

    def _upload(self, image: Image.Image, skin: bool) -> Texture:
        if skin and image.width > SKIN_PIXELS:
            image = image.resize((SKIN_PIXELS, SKIN_PIXELS), Image.Resampling.BOX)
        tone, light = _means(image)
        pixels = np.ascontiguousarray(np.asarray(image)[::-1])
        texture = self.context.texture(image.size, pixels.shape[2], pixels.tobytes(), alignment=1)
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        return Texture(texture, tone, light)


def _means(image: Image.Image) -> tuple[float, float]:
    """Mean tone and mean linear light of what is painted, measured on a small copy."""
    small = image.copy()
    small.thumbnail((128, 128), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float32).reshape(-1, len(small.getbands()))
    painted = pixels[pixels[:, 3] > 128] if pixels.shape[1] == 4 else pixels
    painted = painted[:, :3] / 255
    tone = painted @ np.array([0.35, 0.5, 0.15], np.float32)
    light = painted**GAMMA @ np.array([0.3, 0.6, 0.1], np.float32)
    return float(tone.mean()), float(light.mean())


def interleaved(points: Floats, normals: Floats) -> bytes:
    """A mesh's `shape` buffer from (M, 3) and (M, 3)."""
    rows = np.empty((len(points), 6), np.float32)
    rows[:, :3] = points
    rows[:, 3:] = normals
    return rows.tobytes()


def set_uniforms(program: moderngl.Program, values: Mapping[str, Value]) -> None:
    """Sets those of `values` that the program has; matrices row-major."""
    for name, value in values.items():
        uniform = program.get(name, None)
        if not isinstance(uniform, moderngl.Uniform):
            continue
        if isinstance(value, np.ndarray) and value.ndim == 2:
            uniform.write(np.ascontiguousarray(value.T, "f4").tobytes())
        elif isinstance(value, np.ndarray):
            uniform.value = tuple(value.tolist())
        else:
            uniform.value = value


def _used(layout: tuple[str, ...], program: moderngl.Program) -> tuple[str, ...]:
    """The layout with those attributes skipped that the program's compiler dropped."""
    formats, names = [], []
    for form, name in zip(layout[0].split(), layout[1:], strict=True):
        if name in program:
            formats.append(form)
            names.append(name)
        else:
            formats.append(f"{int(form[0]) * 4}x")
    return (" ".join(formats), *names)


@cache
def _read(name: str) -> str:
    shaders = files("foundry.portraits") / "shaders"
    return (shaders / f"{name}.glsl").read_text(encoding="utf-8")


def _source(*names: str) -> str:
    return "\n".join(["#version 330", *(_read(name) for name in names)])
