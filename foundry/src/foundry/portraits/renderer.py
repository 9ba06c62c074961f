"""Pictures of people."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundry.portraits.backdrop import backdrop
from foundry.portraits.camera import photo_camera
from foundry.portraits.clothing import Cuts
from foundry.portraits.drawing import Canvas
from foundry.portraits.figure import Anatomy
from foundry.portraits.gpu import Gpu
from foundry.portraits.landmarks import FaceBox, LandmarkFinder
from foundry.portraits.lights import light_of
from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.person import Person
from foundry.portraits.photo import Photo
from foundry.portraits.sitter import Sitter
from foundry.portraits.skeleton import photo_pose

SUPERSAMPLING = 2
PEOPLE_KEPT = 4  # photos of one person are best rendered one after the other


@dataclass(frozen=True)
class Rendering:
    """A picture (size, size, 3); `landmarks` (5, 2) in pixels, x right and y down: the eyes, the
    nose tip, the corners of the mouth, those on the left of a frontal picture first."""

    pixels: NDArray[np.uint8]
    landmarks: Floats
    face: FaceBox


class Renderer:
    """Renders photos with SUPERSAMPLING² samples per pixel, on the CPU or a GPU through EGL.

    A picture is a function of its records and size alone: same ones, same bytes on one driver.
    """

    def __init__(self, pack: AssetPack) -> None:
        self.pack = pack
        self._gpu = Gpu(pack)
        self._anatomy = Anatomy(self._gpu)
        self._cuts = Cuts(pack)
        self._finder = LandmarkFinder(pack, self._anatomy.regions)
        self._canvases: dict[int, Canvas] = {}
        self._people: OrderedDict[str, Sitter] = OrderedDict()

    def picture(self, person: Person, photo: Photo, size: int) -> NDArray[np.uint8]:
        """The photo as sRGB (size, size, 3)."""
        return self.render(person, photo, size).pixels

    def render(self, person: Person, photo: Photo, size: int) -> Rendering:
        """The photo with where its face lies."""
        with self._gpu.context:
            return self._render(self._sitter(person), photo, size)

    def _render(self, sitter: Sitter, photo: Photo, size: int) -> Rendering:
        figure = sitter.figure
        behind = backdrop(photo.background, np.random.default_rng([photo.seed, 0xBACC]), size)
        points = sitter.pose(photo)
        pose = photo_pose(figure.neck, photo)
        whole = np.ones(1, np.float32)
        eyes = pose.apply(figure.eye_middle(figure.rest)[None], whole)[0]
        head = pose.apply(self.pack.joint(figure.rest, "head")[None], whole)[0]
        camera = photo_camera(photo, head, eyes)
        pixels = self._canvas(size).draw(
            sitter.parts(photo),
            pose,
            camera,
            light_of(photo, behind),
            eyes + np.array([0, -0.9, -0.4], np.float32),
            behind,
        )
        return Rendering(
            pixels,
            self._finder.landmarks(points, pose, camera, size),
            self._finder.face(points, pose, camera, size),
        )

    def _canvas(self, size: int) -> Canvas:
        if size not in self._canvases:
            self._canvases[size] = Canvas(self._gpu, size, SUPERSAMPLING)
        return self._canvases[size]

    def _sitter(self, person: Person) -> Sitter:
        key = person.model_dump_json()
        if key in self._people:
            self._people.move_to_end(key)
            return self._people[key]
        while len(self._people) >= PEOPLE_KEPT:
            self._people.popitem(last=False)
        self._gpu.context.gc()
        self._people[key] = Sitter(self._anatomy, self._cuts, person)
        return self._people[key]
