"""What Wan's pipelines read."""

from typing import Any, cast

import torch
from torch import Tensor

LONGEST_TEXT = 512


@torch.no_grad()
def states_of(pipeline: Any, text: str, device: torch.device) -> Tensor:
    """A text, (1, LONGEST_TEXT, features), as they read it themselves; but for a package that they
    use to mend wrongly decoded text, which ours never is."""
    tokens = pipeline.tokenizer(
        [text],
        padding="max_length",
        max_length=LONGEST_TEXT,
        truncation=True,
        return_tensors="pt",
    ).to(device)
    states = pipeline.text_encoder(tokens.input_ids, tokens.attention_mask)
    return cast(Tensor, states.last_hidden_state * tokens.attention_mask[..., None])
