"""Sheets of what the base paints: to be looked at, not counted."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from foundry.evaluation.likeness import draw
from foundry.pictures import grid
from likeness.engine.sampling import Sampler

SEEDS = 8
MARGIN = 22  # px under each row for its words

BY_PROMPT: Sequence[str] = (
    "photo of a 30 year old black man with a short afro, smiling, wearing a red t-shirt, at the "
    "beach, bright sunlight",
    "portrait of a young white woman with long wavy blonde hair, green sweater, in a park",
    "an elderly east asian man, glasses, gray suit, in a library, window light",
    "close-up photo of a hispanic woman, laughing, yellow background",
    "middle-aged south asian man, full beard, wearing a blue shirt, in an office",
    "a woman in a black turtleneck, serious, plain white background",
    "photo of a man wearing sunglasses and an orange hoodie, city street",
    "young middle eastern woman, purple dress, sunset",
)
PERSON = "photo of a 35 year old white woman with brown hair"
BY_ATTRIBUTE: Mapping[str, Sequence[str]] = {
    "clothes": [
        f"wearing a {colour} t-shirt"
        for colour in ("red", "green", "blue", "yellow", "black", "white", "pink", "orange")
    ],
    "place": [
        *("at the beach", "in a park", "in a library", "in a city at night"),
        *("on a stage", "in front of a brick wall", "red background", "white background"),
    ],
    "expression": [
        *("neutral expression", "smiling", "laughing", "looking surprised"),
        *("looking sad", "looking angry", "eyes closed", "pouting"),
    ],
    "things": [
        *("wearing round glasses", "wearing sunglasses", "wearing a red beanie", "blue cap"),
        *("gold earrings", "three-quarter view", "in profile", "upper body photo"),
    ],
}


def draw_sheets(sampler: Sampler, folder: Path) -> None:
    """`by-prompt.png`: a prompt in each row, a seed in each column; `by-attribute.png`: one
    person and seed, an attribute in each row, what was asked of it in each column."""
    _sheet(sampler, {prompt: [prompt] * SEEDS for prompt in BY_PROMPT}, range(SEEDS)).save(
        folder / "by-prompt.png"
    )
    asked = {
        f"{PERSON}, … {', '.join(endings)}": [f"{PERSON}, {ending}" for ending in endings]
        for endings in BY_ATTRIBUTE.values()
    }
    _sheet(sampler, asked, [3] * SEEDS).save(folder / "by-attribute.png")


def _sheet(
    sampler: Sampler, rows: Mapping[str, Sequence[str]], seeds: Sequence[int]
) -> Image.Image:
    side = sampler.base.manifest.resolution
    sheet = Image.new("RGB", (side * SEEDS, (side + MARGIN) * len(rows)), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    for number, (words, prompts) in enumerate(rows.items()):
        pictures = draw(sampler, prompts, None, seeds)
        top = number * (side + MARGIN)
        sheet.paste(grid(pictures, columns=SEEDS), (0, top))
        pen.text((4, top + side + 4), words, fill="black", font=font)
    return sheet
