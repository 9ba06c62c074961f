"""The whole evaluation of motion: clips of held-out people, figures, strips to look at."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict
from tqdm import tqdm

from foundry.dataset import Pixels
from foundry.evaluation.clips import ClipFigures, Clips
from foundry.footage import Footage, Take
from foundry.judge import Judge
from foundry.parts.motion_judge import load_motion_judge
from foundry.pictures import grid
from foundry.portraits.directing import RANGES
from foundry.portraits.motion_caption import draw_motion_caption
from likeness.bases import find_base, find_part
from likeness.engine.acted_clips import ActedEngine
from likeness.engine.clip import ClipEngine, ClipRequest
from likeness.engine.faces import shipped_reader
from likeness.engine.figure import shipped_figures
from likeness.engine.guided_clips import GuidedEngine
from likeness.engine.rig import Rig
from likeness.engine.sampling import Sampler
from likeness.engine.upscaling import Upscaler

FAR_ENOUGH = 0.08
"""Widths of the face by which a clip whose movement can be seen moves it."""

LARGE = (1280, 720)
LARGE_RATE, LARGE_SECONDS = 24, 5
SHOWN = 6
"""Frames of a clip on a strip."""

FACE_PARTS = ("turn", "head", "face", "mouth")
"""Movements of these can be seen in the face's landmarks; those of eyes and shoulders cannot."""


@dataclass(frozen=True)
class MotionCommission:
    """What is measured (without a pipeline, what ships), by whom, on whom; as the command's options
    say."""

    pipeline: Path | None
    judges: Path
    data: Path
    people: int


class MotionFigures(BaseModel):
    """What `foundry evaluate-motion` found. `large_seconds`: a clip of 5 s of 720p."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clips: list[ClipFigures]
    large_seconds: float

    @property
    def likeness(self) -> float:
        """Of the frame that is least like the first one, beside renders at the same frame; each
        the mean of all clips."""
        drawn, rendered = (
            np.array([clip.likeness[which] for clip in self.clips]).mean(axis=0) for which in (0, 1)
        )
        return float((drawn / rendered).min())

    def table(self) -> str:
        """The figures as Markdown, with those of the renders and what is asked for."""
        clips = self.clips
        moves = [clip for clip in clips if clip.moved[1] >= FAR_ENOUGH]
        still = [clip.drift for clip in clips if clip.drift]
        flickers = [clip.flicker for clip in clips if clip.flicker]
        far, far_render = (_share([clip.moved[n] >= FAR_ENOUGH for clip in moves]) for n in (0, 1))
        calm, calm_render = (_share([drift[n] < 1 for drift in still]) for n in (0, 1))
        seen, seen_render = (_share([clip.recognised[n] for clip in clips]) for n in (0, 1))
        noise, noise_render = (float(np.mean([one[n] for one in flickers])) for n in (0, 1))
        rows = [
            (f"the face moves by {FAR_ENOUGH:.0%} of its width", far, far_render, ""),
            ("what stands still moves less than 1 px a frame", calm, calm_render, "100 %"),
            ("asked movement recognised", seen, seen_render, "75 %"),
            ("least likeness, beside renders", f"{self.likeness:.2f}", "1", "0.9"),
            ("flicker, of 255", f"{noise:.2f}", f"{noise_render:.2f}", "twice the renders'"),
            ("5 s of 720p", f"{self.large_seconds:.0f} s", "", "300 s"),
        ]
        lines = [f"| {len(clips)} people, a clip each | drawn | rendered | asked for |"]
        lines += ["|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
        return "\n".join(lines) + "\n"


def evaluate_motion(commission: MotionCommission, run: Path) -> str:
    """Measure everything. Leaves `figures.json`, `figures.md` and strips in `run`; clips that an
    interrupted evaluation has drawn are not drawn again. Returns the table."""
    run.mkdir(parents=True, exist_ok=True)
    engine = clip_engine(commission.pipeline)
    judge = Judge.load(commission.judges)
    motion_judge = load_motion_judge(commission.judges)
    data = Footage.open(commission.data)
    figures: list[ClipFigures] = []
    strips: list[Pixels] = []
    chosen = one_of_each(data, commission.people)
    for index in tqdm(chosen, desc="clips"):
        take, rendered = data.records[index], data.clips([index])[0]
        prompt = draw_motion_caption(take.person, take.photo, take.motion, seed=0)
        drawn, seconds = _drawn(engine, prompt, rendered, take, run / f"clip-{index:05d}.npz")
        clips = Clips(take, drawn, rendered)
        figures.append(clips.figures(prompt, seconds, judge, motion_judge))
        strips += [_strip(rendered), _strip(drawn)]
    first = Image.fromarray(data.clips([chosen[0]])[0][0])
    frames = LARGE_RATE * LARGE_SECONDS
    _, seconds = _timed(engine, figures[0].prompt, first, LARGE, frames, LARGE_RATE)
    found = MotionFigures(clips=figures, large_seconds=seconds)
    (run / "figures.json").write_text(found.model_dump_json(indent=2) + "\n")
    text = found.table()
    (run / "figures.md").write_text(text)
    grid(np.stack(strips), columns=2).save(run / "strips.png")
    return text


def clip_engine(pipeline: Path | None) -> GuidedEngine:
    """The product's engine, in which a pipeline paints, or what ships does."""
    upscaler = Upscaler.load(find_part("upscaler"))
    sampler, rig = Sampler(find_base("mini"), "auto"), Rig.load(find_part("rig"))
    acted = ActedEngine(sampler, upscaler, shipped_reader(), rig, shipped_figures())
    return GuidedEngine(pipeline or find_part("motion"), "auto", acted)


def one_of_each(data: Footage, people: int) -> list[int]:
    """A clip of each of the first people: the first whose movement landmarks tell, if any."""
    chosen: list[int] = []
    for clips in data.people()[:people]:
        shown = [index for index in clips if _is_seen(data.records[index])]
        chosen.append((shown or clips)[0])
    return chosen


def _is_seen(take: Take) -> bool:
    parts = {RANGES[kind].part for kind in take.motion.kinds}
    return take.motion.camera == "still" and not parts.isdisjoint(FACE_PARTS)


def _drawn(
    engine: ClipEngine, prompt: str, rendered: Pixels, take: Take, path: Path
) -> tuple[Pixels, float]:
    if not path.exists():
        frames, height, width, _ = rendered.shape
        first, rate = Image.fromarray(rendered[0]), round(take.motion.rate)
        drawn, seconds = _timed(
            engine, prompt, first, (width, height), frames, rate, take.motion.seed
        )
        np.savez(path, drawn=drawn, seconds=seconds)
    with np.load(path) as kept:
        return kept["drawn"], float(kept["seconds"])


def _timed(
    engine: ClipEngine,
    prompt: str,
    first: Image.Image,
    size: tuple[int, int],
    frames: int,
    rate: int,
    seed: int = 0,
) -> tuple[Pixels, float]:
    """A clip, and the seconds that it took."""
    width, height = size
    request = ClipRequest(
        prompt=prompt,
        negative_prompt="",
        seed=seed,
        width=width,
        height=height,
        frames=frames,
        rate=rate,
        first=first,
    )
    started = time.monotonic()
    drawn = np.stack(list(engine.clip(request, _silent)))
    return drawn, time.monotonic() - started


def _strip(frames: Pixels) -> Pixels:
    chosen = np.linspace(0, len(frames) - 1, SHOWN).astype(np.int64)
    return np.concatenate(list(frames[chosen]), axis=1)


def _share(values: list[bool]) -> str:
    return f"{np.mean(values):.0%}" if values else "–"


def _silent(*_: object) -> None: ...
