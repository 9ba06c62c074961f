"""Videos that others made for us, wrapped anew with the mark that says so."""

from dataclasses import dataclass
from pathlib import Path

import av

from likeness.errors import Refusal
from likeness.media.footage import FORMATS, UnreadableVideo
from likeness.media.video import mark_video


@dataclass(frozen=True)
class Wrapped:
    """What a video is: its size in px, its seconds, its frames a second, whether it has sound."""

    width: int
    height: int
    seconds: float
    rate: float
    audio: bool


def wrap_anew(source: Path, path: Path, *, audio: bool) -> Wrapped:
    """Write a video that others made as an MP4 that plays while it loads, without what they wrote
    about it and with the mark, and without its sound unless there is to be `audio`.

    Its pictures and sounds are taken as they are. Raises `UnreadableVideo` if they are not H.264
    and AAC.
    """
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        with (
            av.open(source, "r", options=options) as others,
            av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as ours,
        ):
            video = others.streams.video[0]
            sound = others.streams.audio[0] if audio and others.streams.audio else None
            kept = [video, sound] if sound else [video]
            if [one.codec_context.name for one in kept] != ["h264", "aac"][: len(kept)]:
                raise UnreadableVideo
            copies = {one.index: ours.add_stream_from_template(one) for one in kept}
            for one in copies.values():
                one.metadata.clear()
            for packet in others.demux(kept):
                if packet.dts is not None:  # the last of each is empty
                    packet.stream = copies[packet.stream.index]
                    ours.mux(packet)
            seconds = float((others.duration or 0) / av.time_base)
            rate = float(video.average_rate or 0)
    except Refusal:
        raise
    except Exception as error:
        # A reader may fail on hostile bytes in any way that it likes.
        raise UnreadableVideo from error
    mark_video(path)
    return Wrapped(video.width, video.height, seconds, rate, sound is not None)
