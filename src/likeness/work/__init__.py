"""Running jobs: the worker, the training process that it starts, the supervisor of workers."""
