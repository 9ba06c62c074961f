"""Videos to test with."""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray


def moving_square(count: int, width: int, height: int) -> Iterator[NDArray[np.uint8]]:
    """A red square that goes to the right in front of a blue ramp."""
    for step in range(count):
        picture = np.zeros((height, width, 3), np.uint8)
        picture[..., 2] = np.linspace(40, 200, width).astype(np.uint8)
        left = 4 + 2 * step % max(1, width - 40)
        picture[height // 3 : height // 3 + 24, left : left + 24] = (220, 40, 40)
        yield picture


def footage(
    count: int = 12, size: tuple[int, int] = (96, 64), codec: str = "libx264", form: str = "mp4"
) -> bytes:
    """The bytes of a video, as somebody else may have made it: 12 frames a second."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, 12)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for place, pixels in enumerate(moving_square(count, *size)):
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = place, Fraction(1, 12)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def boxes(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The outermost boxes of an MP4, in their order: name and content."""
    start = 0
    while start < len(content):
        size = int.from_bytes(content[start : start + 4], "big")
        yield content[start + 4 : start + 8].decode("latin-1"), content[start + 8 : start + size]
        start += size
    assert start == len(content), "the last box is whole"
