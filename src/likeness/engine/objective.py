"""What training pulls the network towards, and where in the picture."""

from dataclasses import dataclass

from torch import Tensor

from likeness.bases import TrainingRecipe


@dataclass(frozen=True)
class Prediction:
    """One batch: all (samples, channels, height, width), masks with 1 channel.

    `predicted` is what the network with the adapter says, `target` what the photo asks for,
    `before` what the plain base says to the same question (None when it was not asked); `head`
    is 1 where the head is.
    """

    predicted: Tensor
    target: Tensor
    before: Tensor | None
    head: Tensor


def loss_of(batch: Prediction, recipe: TrainingRecipe) -> Tensor:
    """The mean weighted squared error, a scalar.

    On the head, the network learns the photo. Elsewhere it learns the photo as far as
    `background_weight` says, and is held to what the base itself would draw as far as
    `preserve_weight` says: clothes and places are the prompt's to decide, not the photos'.
    """
    error = (batch.predicted - batch.target) ** 2
    besides = 1 - batch.head
    loss = (recipe.face_weight * batch.head + recipe.background_weight * besides) * error
    if batch.before is not None:
        drift = (batch.predicted - batch.before) ** 2
        loss = loss + recipe.preserve_weight * besides * drift
    return loss.mean()
