from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.engine.errors import LoadFailed
from likeness.engine.face_alignment import NOTHING, TEMPLATE, align, bounds, similarity
from likeness.engine.face_network import (
    EXPRESSIONS,
    EYEWEAR,
    FaceDetector,
    FaceNetwork,
    FaceRecogniser,
    Sightings,
    fold_norms,
)
from likeness.engine.faces import FILE, Face, FaceBox, FaceReader, best_faces, overlap
from likeness.engine.weights import save_weights


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    torch.manual_seed(0)
    save_weights(FaceNetwork(), folder / FILE)
    return folder


def test_both_networks_ship_in_less_than_three_megabytes(folder: Path) -> None:
    assert (folder / FILE).stat().st_size < 2_700_000


def test_missing_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(LoadFailed, match=FILE):
        FaceReader.load(tmp_path)


def test_folded_norms_change_nothing() -> None:
    torch.manual_seed(1)
    detector, recogniser = FaceDetector(), FaceRecogniser()
    for network in (detector, recogniser):
        for name, buffer in network.named_buffers():
            if name.endswith("running_mean"):
                torch.nn.init.uniform_(buffer, -1, 1)
            elif name.endswith("running_var"):
                torch.nn.init.uniform_(buffer, 0.5, 2)
        network.eval()
    pictures, crops = torch.randn(2, 3, 128, 96), torch.randn(2, 3, 96, 96)
    with torch.no_grad():
        before = detector(pictures).landmarks, recogniser(crops).embeddings
        fold_norms(detector)
        fold_norms(recogniser)
        after = detector(pictures).landmarks, recogniser(crops).embeddings

    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in detector.modules())
    assert torch.allclose(before[0], after[0], atol=1e-2)
    assert torch.allclose(before[1], after[1], atol=1e-4)


def test_a_description_has_all_its_parts(folder: Path) -> None:
    reader = FaceReader.load(folder)
    photo = Image.effect_noise((300, 200), 60).convert("RGB")
    spots = tuple((x, y) for x, y in (TEMPLATE * 100 + (90, 40)).tolist())
    said = reader.describe(photo, Face(FaceBox(140, 95, 45), spots, 1.0))

    assert said.embedding.shape == (128,)
    assert np.linalg.norm(said.embedding) == pytest.approx(1, abs=1e-5)
    assert said.eyewear in EYEWEAR and said.gender in ("woman", "man")
    assert 0 <= said.man <= 1
    assert said.expression is None or said.expression in EXPRESSIONS


@pytest.mark.parametrize("size", [(1, 1), (640, 31), (33, 640), (500, 400)])
def test_photos_of_any_shape_are_looked_at(folder: Path, size: tuple[int, int]) -> None:
    for face in FaceReader.load(folder).find(Image.new("L", size, 90)):
        assert 0 < face.score <= 1


def test_a_face_that_several_cells_see_is_found_once() -> None:
    seen = Sightings(
        torch.full((1, 4, 4), -9.0),
        torch.zeros(1, 4, 4, 2),
        torch.full((1, 4, 4), 12.0),
        torch.zeros(1, 4, 4, 5, 2),
    )
    seen.scores[0, 1, 1], seen.centres[0, 1, 1] = 4.0, torch.tensor([10.0, 11.0])
    seen.scores[0, 1, 2], seen.centres[0, 1, 2] = 3.0, torch.tensor([11.0, 11.0])
    seen.scores[0, 3, 3], seen.centres[0, 3, 3] = 2.0, torch.tensor([28.0, 28.0])
    seen.sides[0, 3, 3] = 20

    found = best_faces(seen)

    assert [(face.box.x, face.box.side) for face in found] == [(28, 20), (10, 12)]
    assert found[1].score == pytest.approx(0.982, abs=1e-3)


def test_overlap() -> None:
    box = FaceBox(10, 10, 4)
    assert overlap(box, box) == 1
    assert overlap(box, FaceBox(10, 12, 4)) == pytest.approx(1 / 3)
    assert overlap(box, FaceBox(10, 10, 2)) == pytest.approx(1 / 4)
    assert overlap(box, FaceBox(20, 10, 4)) == 0


def test_a_similarity_is_found_again() -> None:
    turn = 1.7 * np.exp(0.3j)
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    moved = TEMPLATE @ linear.T + (5, -2)

    matrix = similarity(TEMPLATE, moved)

    assert np.allclose(matrix, np.concatenate([linear, [[5], [-2]]], axis=1))


@pytest.mark.parametrize("scale", [0.6, 1.0, 4.0])
def test_an_aligned_face_is_upright_wherever_and_however_large_it_was(scale: float) -> None:
    """Five coloured spots come to lie where the template has them."""
    size = round(200 * scale)
    y, x = np.mgrid[:size, :size] + 0.5
    turn = np.exp(0.4j) * 90 * scale
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    landmarks = TEMPLATE @ linear.T + np.array([70, 30]) * scale
    photo = np.zeros((size, size, 3), np.uint8)
    for spot_x, spot_y in landmarks:
        photo[np.hypot(x - spot_x, y - spot_y) < 4 * scale] = 255

    crop = align(photo, landmarks, 96)

    assert crop.shape == (96, 96, 3)
    bright = crop[..., 0].astype(float)
    for spot_x, spot_y in TEMPLATE * 96:
        rows, columns = (
            slice(int(spot_y) - 6, int(spot_y) + 7),
            slice(int(spot_x) - 6, int(spot_x) + 7),
        )
        part = bright[rows, columns]
        at_y, at_x = np.mgrid[rows, columns] + 0.5
        assert (part * at_x).sum() / part.sum() == pytest.approx(spot_x, abs=0.5)
        assert (part * at_y).sum() / part.sum() == pytest.approx(spot_y, abs=0.5)


def test_a_crop_beyond_the_photo_is_grey_there() -> None:
    photo = np.full((50, 50, 3), 250, np.uint8)
    outside = align(photo, TEMPLATE * 40 + (500, 500), 96)
    beside = align(photo, TEMPLATE * 40 + (-20, 5), 96)

    assert (outside == 128).all()
    assert (beside[:, 4] == 128).all() and (beside[40, -8] == 250).all()
    assert bounds(TEMPLATE * 40 + (-20, 5), 50, 50)[0] == 0


def test_a_profile_is_not_cut_off() -> None:
    """From the side the nose sticks out of what is otherwise almost one line."""
    photo = np.full((200, 200, 3), 250, np.uint8)
    profile = np.array([[104, 80], [103, 79], [85, 100], [103, 115], [102, 115]], float)

    crop = align(photo, profile, 96)
    left, top, right, bottom = bounds(profile, 200, 200)

    assert (crop == 250).all()
    assert right - left > 100 and bottom - top > 100


def test_landmarks_in_one_place_show_nothing() -> None:
    photo = np.full((40, 40, 3), 200, np.uint8)

    assert np.array_equal(align(photo, np.full((5, 2), 20.0), 8), np.full((8, 8, 3), NOTHING))
