"""How much likeness is gained where faces are drawn again (`enhanceFace`), by mini.

    .venv/bin/python -m benchmarks.enhance_face [--adapters DIR] [--judge RUN] [--strengths S ...]

Draws upper-body pictures, the smallest faces that mini draws, of the people of `examples/people`,
enlarges them, and draws their faces again as a generation does; then the same with these pictures a
third as large, amid something blurred, as a base paints somebody who is far away. Prints the side
of the faces as a share of the pictures', and the mean likeness to photos that training never saw,
before and of the faces drawn again; for each strength given, else for the one that is used. By the
face reader, which has chosen between two candidates of either drawing; and by the foundry's judge,
which chooses nothing, if its run is given. Adapters are trained first, a minute or two each, and
kept in DIR if it is given.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from tests.ml.measure import Embeddings, Eye, likeness
from tests.ml.people import Person, learn, people

from foundry.judge import Judge
from likeness.bases import find_base, find_part, prompt_for
from likeness.engine.closeup import Closeup, find_face
from likeness.engine.enhancing import STRENGTH, FaceEnhancer
from likeness.engine.faces import FaceReader
from likeness.engine.sampling import Sampler, SampleRequest
from likeness.engine.upscaling import Upscaler

PROMPTS = (
    "upper body photo, smiling, wearing a red t-shirt, at the beach",
    "upper body photo, wearing a green sweater, in a library",
    "upper body photo, wearing a blue shirt, in a city at night",
    "upper body photo, wearing a gray jacket, in a park",
)
SEEDS = range(500, 508)
THREADS = 1
LOOKED_AT = 2.5  # sides of the face: what is shown of a picture or a photo to whoever measures
JUDGED = 128  # px

Look = Callable[[Sequence[Image.Image]], Embeddings]


@dataclass(frozen=True)
class Case:
    """One picture: its face's side as a share of its own, the head before and drawn again."""

    share: float
    before: Image.Image
    drawn: Image.Image


def silent(*_: object) -> None: ...


def by_judge(run: Path) -> Look:
    """As the foundry's judge sees pictures."""
    judge = Judge.load(run)

    def look(pictures: Sequence[Image.Image]) -> Embeddings:
        small = [picture.convert("RGB").resize((JUDGED, JUDGED)) for picture in pictures]
        return judge.look(np.stack([np.asarray(picture) for picture in small])).embeddings

    return look


class Bench:
    """Draws heads, and draws them again."""

    def __init__(self, sampler: Sampler, strength: float = STRENGTH) -> None:
        self._sampler = sampler
        self._upscaler = Upscaler.load(find_part("upscaler"))
        self._enhancer = FaceEnhancer(sampler, self._upscaler, strength)
        self._reader = FaceReader.load(find_part("faces"))

    def draw(self, person: Person, adapter: Path, *, far: bool) -> list[Case]:
        """One for each of SEEDS in whose picture a face is found."""
        cases: list[Case] = []
        for number, seed in enumerate(SEEDS):
            prompt = prompt_for(person.identity, PROMPTS[number % len(PROMPTS)])
            request = SampleRequest((prompt,), (seed,), 128, 128)
            (small,) = self._sampler.sample(request, adapter, silent)
            picture = self._upscaler.enlarge(from_afar(small) if far else small)
            closeup = self._enhancer.look(picture)
            if closeup is None:
                continue
            drawn = self._enhancer.enhance(picture, request, adapter, silent)
            share = closeup.face.side / picture.width
            cases.append(Case(share, self.head(picture), self.head(drawn)))
        return cases

    def head(self, picture: Image.Image) -> Image.Image:
        """The head of the largest face; the whole picture where there is none."""
        face = find_face(self._reader, picture)
        return picture.crop(Closeup.around(face, LOOKED_AT, picture).box) if face else picture

    def likeness(self, person: Person, cases: Sequence[Case], look: Look) -> NDArray[np.float32]:
        """(cases, 2): of each head before and drawn again; 0 where no face is found."""
        photos = look([self.head(Image.open(file)) for file in person.held_out])

        def alike(head: Image.Image) -> float:
            seen = look([head])
            return likeness(seen, photos) if len(seen) else 0.0

        pairs = [(alike(case.before), alike(case.drawn)) for case in cases]
        return np.array(pairs, np.float32)


def from_afar(picture: Image.Image) -> Image.Image:
    """The picture a third as large, amid a blurred one."""
    whole = picture.filter(ImageFilter.GaussianBlur(12))
    third = picture.resize((picture.width // 3, picture.height // 3), Image.Resampling.LANCZOS)
    whole.paste(third, (third.width, third.height))
    return whole


def main() -> None:
    """Print a line for each strength, distance and look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adapters", type=Path)
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--strengths", type=float, nargs="+", default=[STRENGTH])
    options = parser.parse_args()
    sampler = Sampler(find_base("mini"), "cpu", THREADS)
    looks: dict[str, Look] = {"faces": Eye().embeddings}
    if options.judge:
        looks["judge"] = by_judge(options.judge)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.adapters or Path(scratch)
        adapters = {person: learn(person, folder, THREADS) for person in people()}
        for strength in options.strengths:
            bench = Bench(sampler, strength)
            for far in (False, True):
                drawn = {one: bench.draw(one, adapters[one], far=far) for one in adapters}
                for name, look in looks.items():
                    found = [bench.likeness(one, cases, look) for one, cases in drawn.items()]
                    every = [case for cases in drawn.values() for case in cases]
                    print(f"strength {strength}, {name}: {told(every, np.concatenate(found))}")


def told(cases: Sequence[Case], found: NDArray[np.float32]) -> str:
    """The figures of some pictures, in words."""
    share = np.mean([case.share for case in cases])
    before, drawn = found.mean(axis=0)
    return (
        f"faces of {share:.2f} of {len(cases)} pictures' side, likeness {before:.3f}, "
        f"drawn again {drawn:.3f} ({drawn - before:+.3f})"
    )


if __name__ == "__main__":
    main()
