"""Putting a fresh LoRA into a network, and taking its weights out."""

from typing import Any, cast

import torch
from peft import LoraConfig
from peft.utils.save_and_load import get_peft_model_state_dict
from torch import Tensor, nn

from likeness.bases import TrainingRecipe
from likeness.engine.families.family import LoadedBase


class FreshLora:
    """A LoRA that is being trained inside a loaded base's network.

    Its weights are float32 whatever the network's own are: at bfloat16 most updates of training
    would be rounded away. It starts as no change at all.
    """

    def __init__(self, loaded: LoadedBase, recipe: TrainingRecipe) -> None:
        self._config = LoraConfig(
            r=recipe.rank,
            lora_alpha=recipe.alpha,  # type: ignore[arg-type] # a float is what peft computes with
            target_modules=loaded.adapter_targets,
        )
        self._prefix = loaded.adapter_prefix
        # Every diffusers network has the peft mixin, whose methods carry no types.
        self._network: Any = loaded.network
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            self._network.add_adapter(self._config)
        for weight in self.weights().values():
            weight.data = weight.data.float()

    def weights(self) -> dict[str, nn.Parameter]:
        """The weights that are trained, by their names in the network, in a fixed order."""
        network = cast(nn.Module, self._network)
        return {key: value for key, value in network.named_parameters() if value.requires_grad}

    def state(self) -> dict[str, Tensor]:
        """The weights on the CPU, named as in an adapter file."""
        state = cast(dict[str, Tensor], get_peft_model_state_dict(self._network))
        return {f"{self._prefix}.{key}": value.detach().cpu() for key, value in state.items()}

    def config(self) -> dict[str, Any]:
        """What diffusers needs beside the weights to load them, named as in an adapter file."""
        config = self._config.to_dict()
        wanted = ("r", "lora_alpha", "target_modules")
        return {f"{self._prefix}.{key}": config[key] for key in wanted}
