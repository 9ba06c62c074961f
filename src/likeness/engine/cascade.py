"""Where the face is in a photo, by OpenCV's cascades, until a base brings face networks."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from likeness.engine.faces import FaceBox

# The cascades are shown the photo at this side: smaller misses faces, larger is slower and finds
# faces in the texture of curtains.
LOOKED_AT = 320
SMALLEST = 0.12
FRONTAL = ("haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt2.xml")
PROFILE = "haarcascade_profileface.xml"


def find_face(photo: Image.Image) -> FaceBox | None:
    """The largest face in a photo, seen from the front or from the side, or None.

    Source: OpenCV's Haar cascades (Viola and Jones, 2001), which come with OpenCV.
    """
    scale = LOOKED_AT / max(photo.size)
    small = photo.convert("L").resize(
        (max(1, round(photo.width * scale)), max(1, round(photo.height * scale))),
        Image.Resampling.BILINEAR,
    )
    grey = cv2.equalizeHist(np.asarray(small))
    for name in FRONTAL:
        if found := _largest(name, grey):
            return _scaled(found, 1 / scale)
    if found := _largest(PROFILE, grey):
        return _scaled(found, 1 / scale)
    # The profile cascade knows one side of the face only.
    if found := _largest(PROFILE, np.ascontiguousarray(grey[:, ::-1])):
        return _scaled(FaceBox(grey.shape[1] - found.x, found.y, found.side), 1 / scale)
    return None


def _largest(name: str, grey: np.ndarray) -> FaceBox | None:
    smallest = round(SMALLEST * min(grey.shape))
    boxes = _cascade(name).detectMultiScale(
        grey, scaleFactor=1.08, minNeighbors=5, minSize=(smallest, smallest)
    )
    faces = [FaceBox(x + w / 2, y + h / 2, (w + h) / 2) for x, y, w, h in np.asarray(boxes)]
    return max(faces, key=lambda face: face.side, default=None)


def _scaled(face: FaceBox, by: float) -> FaceBox:
    return FaceBox(face.x * by, face.y * by, face.side * by)


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name))
