from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import TINY_PLAN, check_resuming, mean_loss

from foundry.dataset import Dataset
from foundry.judge import Judge
from foundry.parts.judge import JudgeRecipe, JudgeTask
from foundry.portraits.palette import HAIR
from foundry.portraits.person import HAIR_STYLES, draw_person
from foundry.portraits.photo import draw_photo
from foundry.questions import HAIR_GROUPS, QUESTIONS, UNSEEN, answers, hair_group
from foundry.recipe import load_recipe

RECIPES = Path(__file__).parents[3] / "foundry" / "recipes"
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("judge"), people=3, photos=4, size=64)


def test_the_recipe_is_valid() -> None:
    assert load_recipe(RECIPES / "judge-128.toml", JudgeRecipe).margin > 0


def test_a_few_steps_lower_the_loss_and_a_resumed_run_is_the_same(
    data: Dataset, tmp_path: Path
) -> None:
    plan = TINY_PLAN.model_copy(update={"steps": 10, "checkpoint_every": 5})
    recipe = JudgeRecipe(plan=plan)

    task = JudgeTask(recipe, data, CPU)
    before = mean_loss(task, range(100, 103))
    trained = check_resuming(lambda: JudgeTask(recipe, data, CPU), recipe, plan, tmp_path)
    task.network.load_state_dict(trained)

    assert mean_loss(task, range(100, 103)) < before
    opinion = Judge.load(tmp_path / "whole").look(data.pictures(range(5)))
    assert opinion.embeddings.shape == (5, 256)
    assert np.allclose(np.linalg.norm(opinion.embeddings, axis=1), 1, atol=1e-5)
    assert opinion.features.shape[0] == opinion.yaw.shape[0] == 5
    assert opinion.landmarks.shape == (5, 5, 2)
    for name, options in QUESTIONS.items():
        assert opinion.probabilities[name].shape == (5, len(options))
        assert np.allclose(opinion.probabilities[name].sum(axis=1), 1, atol=1e-5)
        assert set(opinion.answers(name)) <= set(options)


def test_the_judge_says_the_same_of_a_picture_in_any_company(data: Dataset, tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge = Judge(JudgeTask(JudgeRecipe(plan=TINY_PLAN), data, CPU).network.network, CPU)
    together, alone = judge.look(data.pictures([0, 1, 2])), judge.look(data.pictures([1]))

    assert np.allclose(together.embeddings[1], alone.embeddings[0], atol=1e-4)
    assert np.allclose(together.landmarks[1], alone.landmarks[0], atol=1e-4)


def test_every_style_of_hair_has_one_group() -> None:
    grouped = [style for styles in HAIR_GROUPS.values() for style in styles]

    assert sorted(grouped) == sorted(HAIR_STYLES)
    assert hair_group("ponytail") == "tied"


def test_answers_are_places_in_the_questions() -> None:
    person = draw_person(3, hair="curly", hair_colour="red")
    photo = draw_photo(0, person, background="studio:blue", hat=None, eyewear="sunglasses")
    said = answers_of(person, photo)

    assert QUESTIONS["background"][said["background"]] == "studio:blue"
    assert QUESTIONS["eyewear"][said["eyewear"]] == "sunglasses"
    assert QUESTIONS["hair"][said["hair"]] == "curly"
    assert said["hair colour"] == list(HAIR).index("red")
    assert answers_of(draw_person(3, hair="bald"), photo)["hair colour"] == UNSEEN


def answers_of(person: object, photo: object) -> dict[str, int]:
    from foundry.dataset import Entry

    entry = {"number": 0, "person": person, "photo": photo, "landmarks": (), "face": (0, 0, 1)}
    return answers(Entry.model_validate(entry))
