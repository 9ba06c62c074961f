"""The whole evaluation, step by step, and what is left of it: figures, sheets, a table."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from foundry.dataset import Dataset, Pixels
from foundry.evaluation.crowd import measure_crowd
from foundry.evaluation.enlarging import measure_enlarging
from foundry.evaluation.figures import PROMPTED, Figures
from foundry.evaluation.likeness import Bench, Gallery, PersonFigures, measure_person
from foundry.evaluation.photographs import measure_photographs, real_photographs
from foundry.evaluation.plots import draw_likeness, draw_prompts
from foundry.evaluation.sheets import draw_sheets
from foundry.judge import Judge
from foundry.networks.autoencoder import decode, encode
from foundry.parts.autoencoder import load_autoencoder
from foundry.pictures import grid, psnr, to_tensor
from likeness.bases import Base, find_base, find_part
from likeness.engine.faces import FaceReader
from likeness.engine.sampling import Sampler
from likeness.engine.upscaling import Upscaler

PROMPTS = 400
CROWD = 768
ENLARGED = 64
RECONSTRUCTED = 256
SHOWN = 5


@dataclass(frozen=True)
class Commission:
    """What is measured, by whom, on whom; as the command's options say."""

    base: str
    judge: Path
    data: Path
    large: Path
    people: int
    threads: int


def evaluate_all(commission: Commission, run: Path) -> str:
    """Measure everything. Leaves `figures.json`, `figures.md`, plots and sheets in `run`; what an
    interrupted evaluation has finished is not done again. Returns the table."""
    run.mkdir(parents=True, exist_ok=True)
    base = find_base(commission.base)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    judge = Judge.load(commission.judge, torch.device(device))
    data, large = Dataset.open(commission.data), Dataset.open(commission.large)
    gallery = Gallery.of(data, judge, run / "gallery.npy")
    sampler = Sampler(base, device, commission.threads)
    draw_sheets(sampler, run)
    crowd = measure_crowd(sampler, judge, data, PROMPTS, CROWD, run)
    bench = Bench(base, judge, data, gallery, device, commission.threads)
    people = [
        measure_person(bench, number, run / "people" / f"{number:03d}")
        for number in tqdm(range(commission.people), desc="people")
    ]
    upscaler = Upscaler.load(find_part("upscaler"))
    chosen = np.linspace(0, len(large) - 1, min(ENLARGED, len(large))).astype(np.int64)
    figures = Figures(
        people=people,
        gallery=len(gallery.others),
        judge_recognised=_recognised(gallery),
        crowd=crowd,
        autoencoder_psnr=_reconstruction(base, data),
        renders=measure_enlarging(upscaler, list(large.pictures(chosen))),
        photographs=measure_enlarging(upscaler, list(real_photographs().values())),
        faces=measure_photographs(FaceReader.load(find_part("faces"))),
    )
    figures.save(run / "figures.json")
    draw_likeness(figures.people, run / "likeness.png")
    draw_prompts(figures, run / "prompts.png")
    _before_and_after(figures.people, run)
    text = table(figures)
    (run / "figures.md").write_text(text)
    return text


def table(figures: Figures) -> str:
    """The figures as Markdown."""
    people = figures.people
    seconds = np.mean([person.seconds for person in people])
    picture = np.mean([person.picture_seconds for person in people])
    before = np.mean([(p.before - p.floor) / (p.ceiling - p.floor) for p in people])
    rows = [
        ("people with an adapter", f"{len(people)}"),
        ("likeness (1 = own photos, 0 = strangers)", f"{figures.likeness:.2f}"),
        ("… of the worst person", f"{figures.worst:.2f}"),
        ("… of the base without an adapter", f"{before:.2f}"),
        (f"recognised among {figures.gallery}", f"{figures.recognised:.0%}"),
        ("… real photos, by the same judge", f"{figures.judge_recognised:.0%}"),
        ("prompt followed, base", f"{figures.base_followed:.0%}"),
        ("prompt followed, with adapter", f"{figures.adapter_followed:.0%}"),
        ("one adapter trained", f"{seconds:.0f} s"),
        ("one picture", f"{picture:.2f} s"),
        ("Fréchet distance to renders", f"{figures.crowd.frechet:.2f}"),
        ("… of renders to renders", f"{figures.crowd.frechet_renders:.2f}"),
        ("autoencoder, PSNR", f"{figures.autoencoder_psnr:.1f} dB"),
        ("upscaler beside Lanczos, renders", _gain(figures.renders.psnr, figures.renders.gain)),
        ("… photographs", _gain(figures.photographs.psnr, figures.photographs.gain)),
    ]
    lines = ["| figure | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), ""]
    lines += ["| asked for | base | adapter | judge on renders |", "|---|---|---|---|"]
    for question in PROMPTED:
        with_adapter = figures.adapters_followed(question)
        lines.append(
            f"| {question} | {figures.crowd.followed[question]:.0%} | "
            f"{'–' if with_adapter is None else f'{with_adapter:.0%}'} | "
            f"{figures.crowd.on_renders[question]:.0%} |"
        )
    return "\n".join(lines) + "\n"


def _gain(value: float, gain: float) -> str:
    return f"{value:.1f} dB ({gain:+.1f})"


def _recognised(gallery: Gallery) -> float:
    centres = gallery.centres()
    nearest = [(one @ centres.T).argmax(axis=1) for one in gallery.trained_on]
    return float(np.mean([(found == number).mean() for number, found in enumerate(nearest)]))


def _reconstruction(base: Base, data: Dataset) -> float:
    """Mean PSNR in dB of held-out pictures at the base's size, encoded and decoded again."""
    vae = load_autoencoder(base.folder, data, torch.device("cpu"))
    side = base.manifest.resolution
    chosen = np.linspace(0, len(data) - 1, RECONSTRUCTED).astype(np.int64)
    values: list[float] = []
    for start in range(0, len(chosen), 16):
        pictures = [
            np.asarray(Image.fromarray(one).resize((side, side), Image.Resampling.LANCZOS))
            for one in data.pictures(chosen[start : start + 16])
        ]
        pixels = to_tensor(np.stack(pictures))
        with torch.no_grad():
            decoded = decode(vae, encode(vae, pixels)[0])
        values += psnr(decoded.clamp(-1, 1), pixels).tolist()
    return float(np.mean(values))


def _before_and_after(people: list[PersonFigures], run: Path) -> None:
    """Photos, base and adapter of five people, from the best to the worst."""
    ranked = sorted(people, key=lambda person: -person.likeness)
    places = np.linspace(0, len(ranked) - 1, min(SHOWN, len(ranked))).round().astype(int)
    sheets: list[Pixels] = []
    for place in places:
        path = run / "people" / f"{ranked[place].number:03d}" / "sheet.png"
        with Image.open(path) as sheet:
            sheets.append(np.asarray(sheet))
    grid(np.stack(sheets), columns=1).save(run / "before-and-after.png")
