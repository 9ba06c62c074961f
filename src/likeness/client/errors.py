"""What can go wrong when talking to a server."""


class ApiError(Exception):
    """The server refused a request; `status` is the HTTP status, `code` the cause as one word."""

    def __init__(self, status: int, message: str, code: str) -> None:
        self.status = status
        self.code = code
        super().__init__(message)


class JobFailed(Exception):
    """A job ended without success; the message is the server's reason."""


class TimedOut(Exception):
    """A model or job was not done in the time given. It may still finish: ask again later."""
