"""Drawing the parts of a figure: shadow first, then solids, hair, and what blends over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import moderngl
import numpy as np
from numpy.typing import NDArray

from foundry.portraits.camera import Camera, Matrix, light_view
from foundry.portraits.gpu import UNITS, Gpu, Mesh, Value, set_uniforms
from foundry.portraits.hair import Fur
from foundry.portraits.lights import Light
from foundry.portraits.pack import Floats
from likeness.engine.acting.pose import Pose

SHADOW_REACH = 3.6  # dm around the head that cast and catch shadows
TRIM = ("brow", "cut_height")
HANGING = ("cards", "cutout")
NEAREST_LAYERS = 1.6  # supersampled pixels between two shells of fur


class Stage(IntEnum):
    """In which order parts are drawn; `FUR`, `CARDS` and later ones lie over the solid ones."""

    SOLID = 0
    FUR = 1
    CARDS = 2
    BLENDED = 3
    GLASS = 4


class Cutout(IntEnum):
    """What of a part casts a shadow."""

    SOLID = 0
    ALPHA = 1
    MASK = 2


@dataclass(frozen=True)
class Part:
    """A mesh with its material (`gpu.MATERIALS`), the uniforms and textures it asks for."""

    material: str
    mesh: Mesh
    uniforms: Mapping[str, Value] = field(default_factory=dict)
    textures: Mapping[str, moderngl.Texture] = field(default_factory=dict)
    stage: Stage = Stage.SOLID
    shadow: Cutout | None = Cutout.SOLID
    fur: Fur | None = None


@dataclass(frozen=True)
class Setting:
    """What stays the same while pictures follow each other: the light, the middle (3,) of what
    shadows fall on, and the pose and camera of the first picture, by which fur is drawn."""

    light: Light
    middle: Floats
    pose: Pose
    camera: Camera


class Canvas:
    """Framebuffers for pictures of one size, `supersampling` times as wide inside."""

    def __init__(self, gpu: Gpu, size: int, supersampling: int) -> None:
        self.gpu, self.size, self.supersampling = gpu, size, supersampling
        context, wide = gpu.context, size * supersampling
        self._frame = context.framebuffer(
            [context.texture((wide, wide), 4)], context.depth_renderbuffer((wide, wide))
        )
        self._backdrop = context.texture((size, size), 3)
        self._backdrop.repeat_x = self._backdrop.repeat_y = False
        texels = 512 if wide <= 320 else 768
        self._shadow = context.depth_texture((texels, texels))
        self._shadow.compare_func = "<="
        self._shadow.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._shadow.repeat_x = self._shadow.repeat_y = False
        self._shadow_frame = context.framebuffer(depth_attachment=self._shadow)

    def draw(
        self,
        parts: Sequence[Part],
        pose: Pose,
        camera: Camera,
        setting: Setting,
        backdrop: Floats,
    ) -> NDArray[np.uint8]:
        """The picture (size, size, 3) of `parts` before `backdrop` (size, size, 3) in 0..255."""
        shadow_view = light_view(setting.middle, np.array(setting.light.key), SHADOW_REACH)
        draw_depth(self.gpu, parts, pose, shadow_view, self._shadow_frame)
        self._frame.use()
        self._frame.clear()
        self._draw_backdrop(backdrop)
        everywhere: dict[str, Value] = {
            **pose_uniforms(pose),
            **light_uniforms(setting.light),
            **combing_uniforms(setting.pose),
            "view": camera.view,
            "light_view": shadow_view,
            "eye": camera.eye,
        }
        for material in {part.material for part in parts}:
            set_uniforms(self.gpu.programs[material], everywhere | trail_uniforms(pose, material))
        self._shadow.use(4)
        self.gpu.noise.use(5)
        self.gpu.volume.use(6)
        self._draw_parts(parts, self._pixels_per_dm(setting))
        return self._read()

    def _draw_backdrop(self, backdrop: Floats) -> None:
        pixels = np.ascontiguousarray(backdrop[::-1].clip(0, 255).astype(np.uint8))
        self._backdrop.write(pixels.tobytes(), alignment=1)
        self._backdrop.use(0)
        self.gpu.context.disable(moderngl.DEPTH_TEST | moderngl.BLEND)
        self.gpu.screen.render()

    def _draw_parts(self, parts: Sequence[Part], pixels_per_dm: float) -> None:
        context = self.gpu.context
        context.enable(moderngl.DEPTH_TEST)
        for part in (p for p in parts if p.stage == Stage.SOLID):
            self._draw(part)
        for part in (p for p in parts if p.stage == Stage.FUR and p.fur):
            self._draw_fur(part, pixels_per_dm)
        for part in (p for p in parts if p.stage == Stage.CARDS):
            self._draw(part, {"solid": 1})
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self._frame.depth_mask = False
        for stage in (Stage.BLENDED, Stage.CARDS, Stage.GLASS):
            for part in (p for p in parts if p.stage == stage):
                self._draw(part, {"solid": 0})
        self._frame.depth_mask = True
        context.disable(moderngl.BLEND)

    def _draw_fur(self, part: Part, pixels_per_dm: float) -> None:
        """From the outside in: what lies behind is then not shaded."""
        fur = part.fur
        assert fur is not None  # by the caller's filter
        layers = int(np.clip(fur.length * pixels_per_dm / NEAREST_LAYERS, 3, fur.layers))
        for layer in range(layers, 0, -1):
            self._draw(part, {"shell": fur.length * layer / layers})

    def _draw(self, part: Part, over: Mapping[str, Value] | None = None) -> None:
        set_uniforms(
            self.gpu.programs[part.material], {"shell": 0.0, **part.uniforms, **(over or {})}
        )
        for name, texture in part.textures.items():
            texture.use(UNITS[name])
        self.gpu.array(part.mesh, part.material).render()

    def _pixels_per_dm(self, setting: Setting) -> float:
        ends = np.stack([setting.middle, setting.middle + np.array([0, 1, 0], np.float32)])
        low, high = setting.camera.project(ends, self.size * self.supersampling)
        return float(abs(low[1] - high[1]))

    def _read(self) -> NDArray[np.uint8]:
        k, size = self.supersampling, self.size
        raw = self._frame.read(components=3, alignment=1)
        pixels = np.frombuffer(raw, np.uint8).reshape(size, k, size, k, 3)[::-1, ::-1]
        total = np.full((size, size, 3), k * k // 2, np.uint16)
        for row in range(k):
            for column in range(k):
                total += pixels[:, row, :, column]
        return (total // (k * k)).astype(np.uint8)


def draw_depth(
    gpu: Gpu, parts: Sequence[Part], pose: Pose, view: Matrix, frame: moderngl.Framebuffer
) -> None:
    """Fills the depth of `frame` with the parts that cast shadows, seen through `view`."""
    frame.use()
    frame.clear(depth=1.0)
    gpu.context.enable(moderngl.DEPTH_TEST)
    gpu.context.disable(moderngl.BLEND)
    for material in ("depth", "cutout"):
        uniforms = pose_uniforms(pose) | trail_uniforms(pose, material)
        set_uniforms(gpu.programs[material], {**uniforms, "light_view": view})
    for part in parts:
        if part.shadow is None:
            continue
        material = "depth" if part.shadow == Cutout.SOLID else "cutout"
        # Fur is drawn as one shell a little below its tips.
        shell = part.fur.length * 0.55 if part.fur else 0.0
        trim = {name: part.uniforms[name] for name in TRIM if name in part.uniforms}
        set_uniforms(gpu.programs[material], {**trim, "cutout": int(part.shadow), "shell": shell})
        if part.shadow == Cutout.ALPHA:
            part.textures["colour_map"].use(0)
        gpu.array(part.mesh, material).render()


def pose_uniforms(pose: Pose) -> dict[str, Value]:
    return {
        "neck": pose.neck,
        "spine": pose.spine,
        "head_turn": pose.head,
        "torso": _about_vertical(pose.torso),
        "shoulders": pose.shoulders,
    }


def trail_uniforms(pose: Pose, material: str) -> dict[str, Value]:
    """Hair of cards hangs free; skin and all that is fixed to it does not trail."""
    return {"trail": pose.trail if material in HANGING else (0.0, 0.0, 0.0)}


def combing_uniforms(pose: Pose) -> dict[str, Value]:
    """In which pose strands of fur get their places: anew in each, they would crawl."""
    return {"combed_turn": pose.head, "combed_torso": _about_vertical(pose.torso)}


def _about_vertical(angle: float) -> Floats:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32)


def light_uniforms(light: Light) -> dict[str, Value]:
    return dict(vars(light))
