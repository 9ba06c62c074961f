"""Recipes tell all their mistakes at once; those that ship are valid."""

from pathlib import Path

import pytest

from foundry.errors import BadRecipe
from foundry.parts.autoencoder import AutoencoderRecipe
from foundry.parts.decoder import DecoderRecipe
from foundry.parts.faces import FacesRecipe
from foundry.parts.figures import FiguresRecipe
from foundry.parts.frames import FramesRecipe
from foundry.parts.judge import JudgeRecipe
from foundry.parts.motion_judge import MotionJudgeRecipe
from foundry.parts.motion_recipe import MotionRecipe
from foundry.parts.transformer import TransformerRecipe
from foundry.parts.upscaler import UpscalerRecipe
from foundry.recipe import Recipe, load_recipe

RECIPES = Path(__file__).parents[2] / "foundry" / "recipes"
KINDS: dict[str, type[Recipe]] = {
    "autoencoder": AutoencoderRecipe,
    "transformer": TransformerRecipe,
    "decoder": DecoderRecipe,
    "faces": FacesRecipe,
    "figures": FiguresRecipe,
    "frames": FramesRecipe,
    "judge": JudgeRecipe,
    "motion": MotionRecipe,
    "movements": MotionJudgeRecipe,
    "upscaler": UpscalerRecipe,
}


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_recipes_that_ship_are_valid(path: Path) -> None:
    assert load_recipe(path, KINDS[path.stem.split("-")[0]])


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(
        "size = 128\ncolour = 1\n[shape]\nwidths = [16]\nlatent_channels = 2\n"
        "[plan]\nsteps = 0\nbatch = 8\nrate = 1e-3\n"
    )

    with pytest.raises(BadRecipe) as raised:
        load_recipe(path, AutoencoderRecipe)

    told = str(raised.value)
    for mistake in ("colour", "shape.widths", "shape.latent_channels", "plan.steps"):
        assert mistake in told
    assert "plan.matrix_rate" in told


@pytest.mark.parametrize("content", ["steps =", None])
def test_files_that_cannot_be_read_are_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "recipe.toml"
    if content is not None:
        path.write_text(content)

    with pytest.raises(BadRecipe, match=r"recipe\.toml"):
        load_recipe(path, AutoencoderRecipe)
