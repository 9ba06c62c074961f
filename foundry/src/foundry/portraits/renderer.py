"""Pictures of people, and clips of them."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foundry.portraits.backdrop import Behind
from foundry.portraits.camera import Camera, photo_camera
from foundry.portraits.clothing import Cuts
from foundry.portraits.drawing import Canvas, Setting
from foundry.portraits.figure import Anatomy
from foundry.portraits.gpu import Gpu
from foundry.portraits.landmarks import FaceBox, LandmarkFinder
from foundry.portraits.lights import light_of
from foundry.portraits.moment import photo_moment
from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.person import Person
from foundry.portraits.photo import Photo
from foundry.portraits.sitter import Sitter
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.pose import pose_at

SUPERSAMPLING = 2
PEOPLE_KEPT = 4  # photos of one person are best rendered one after the other


@dataclass(frozen=True)
class Rendering:
    """A picture (size, size, 3 or 4); `landmarks` (5, 2) in pixels, x right and y down: the eyes,
    the nose tip, the corners of the mouth, those on the left of a frontal picture first."""

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
        return self.film(person, photo, [photo_moment(photo)], size)[0]

    def cut_out(self, person: Person, photo: Photo, size: int) -> Rendering:
        """The photo without what is behind, in its light: pixels (size, size, 4), colours times
        the share that is of the person, and that share.

        By triangulation: a share is what black and white behind make no difference to (Smith and
        Blinn, "Blue Screen Matting", 1996, section 4).
        """
        black, white = (
            self.film(person, photo, [photo_moment(photo)], size, behind=level)[0]
            for level in (0.0, 255.0)
        )
        through = white.pixels.astype(np.int16) - black.pixels
        share = 255 - through.mean(axis=2, keepdims=True).round().clip(0, 255).astype(np.uint8)
        return replace(black, pixels=np.concatenate([black.pixels, share], axis=2))

    def film(
        self,
        person: Person,
        photo: Photo,
        moments: Sequence[Moment],
        size: int,
        behind: float | None = None,
    ) -> list[Rendering]:
        """What a camera sees at `moments` that stands where the photo was taken, in its light; in
        front of a wall of grey `behind` (0..255), if that is given."""
        with self._gpu.context:
            sitter = self._sitter(person)
            figure = sitter.figure
            pose = pose_at(figure.neck, photo_moment(photo))
            whole = np.ones(1, np.float32)
            eyes = pose.apply(figure.eye_middle(figure.rest)[None], whole)[0]
            head = pose.apply(self.pack.joint(figure.rest, "head")[None], whole)[0]
            cameras = [photo_camera(photo, moment, head, eyes) for moment in moments]
            place = Behind(photo, moments, size)
            middle = eyes + np.array([0, -0.9, -0.4], np.float32)
            setting = Setting(light_of(photo, place.first), middle, pose, cameras[0])
            wall = None if behind is None else np.full((size, size, 3), behind, np.float32)
            return [
                self._frame(
                    sitter,
                    photo,
                    moment,
                    camera,
                    setting,
                    place.at(moment) if wall is None else wall,
                )
                for moment, camera in zip(moments, cameras, strict=True)
            ]

    def _frame(
        self,
        sitter: Sitter,
        photo: Photo,
        moment: Moment,
        camera: Camera,
        setting: Setting,
        backdrop: Floats,
    ) -> Rendering:
        points = sitter.pose(moment)
        pose = pose_at(sitter.figure.neck, moment)
        canvas = self._canvas(len(backdrop))
        pixels = canvas.draw(sitter.parts(photo, moment), pose, camera, setting, backdrop)
        return Rendering(
            pixels,
            self._finder.landmarks(points, pose, camera, canvas.size),
            self._finder.face(points, pose, camera, canvas.size),
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
