import torch

from likeness.bases import Base
from likeness.engine.objective import Prediction, loss_of


def batch(predicted: float, target: float, before: float | None) -> Prediction:
    """One sample of 2 × 2 latents, the left half of it head."""
    shape = (1, 3, 2, 2)
    head = torch.tensor([[1.0, 0.0], [1.0, 0.0]]).view(1, 1, 2, 2)
    return Prediction(
        predicted=torch.full(shape, predicted),
        target=torch.full(shape, target),
        before=None if before is None else torch.full(shape, before),
        head=head,
    )


def test_inside_and_outside_the_head_are_weighed(tiny: Base) -> None:
    recipe = tiny.manifest.training.model_copy(update={"face_weight": 4, "background_weight": 0.5})

    assert loss_of(batch(1, 3, None), recipe).item() == 4 * (4 + 0.5) / 2


def test_drift_from_the_base_counts_outside_the_head_only(tiny: Base) -> None:
    recipe = tiny.manifest.training.model_copy(
        update={"background_weight": 0, "preserve_weight": 2.0}
    )

    assert loss_of(batch(1, 1, 4), recipe).item() == 2 * 9 / 2
    assert loss_of(batch(1, 1, 1), recipe).item() == 0
