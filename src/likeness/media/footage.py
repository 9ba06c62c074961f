"""Videos from outside: pictures out of them, decoded safely."""

from collections.abc import Iterator
from typing import IO

import av
from PIL import Image

from likeness.errors import Refusal

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
"""The readers that may touch a video: none that follows addresses in it."""

CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "libvpx-vp9", "mpeg4")
"""The decoders that may touch a video."""


class UnreadableVideo(Refusal):
    """The file is not a video that can be read. Send a whole mp4, mov or webm file."""


class VideoTooLarge(Refusal):
    """The frames of the video have too many pixels. Make it smaller and send it again."""

    status = 413


def pictures_of(
    file: IO[bytes], max_pixels: int, rate: float, seconds: float
) -> Iterator[Image.Image]:
    """Pictures (RGB) of a video, upright, `rate` to a second, of its first `seconds` at most.

    There is at least one. Raises `UnreadableVideo`, `VideoTooLarge`.
    """
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
    wanted = 0.0
    try:
        with av.open(file, "r", options=options) as container:
            stream = container.streams.video[0]
            if stream.codec_context.name not in CODECS:
                raise UnreadableVideo
            if stream.width * stream.height > max_pixels:
                raise VideoTooLarge
            started: float | None = None
            for frame in container.decode(stream):
                now = frame.time or 0.0
                started = now if started is None else started
                if now - started > seconds:
                    break
                if now - started >= wanted:
                    wanted += 1 / rate
                    yield frame.to_image().rotate(frame.rotation, expand=True)
            if started is None:
                raise UnreadableVideo
    except Refusal:
        raise
    except Exception as error:
        # A decoder may fail on hostile bytes in any way that it likes.
        raise UnreadableVideo from error
