"""What jobs are asked to do, where it does not matter what."""

from likeness.jobs.payloads import GenerationPayload, TrainingPayload

GENERATION = GenerationPayload(
    adapter_id="a", prompt="p", width=64, height=64, num_images=1, steps=None, seed=1
)
TRAINING = TrainingPayload(trigger="t", description="d")
