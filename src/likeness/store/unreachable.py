"""What is raised while the database or the blob store is away."""


class Unreachable(Exception):
    """What keeps the data cannot be reached. It may come back by itself: try again."""
