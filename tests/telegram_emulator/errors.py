"""Refusals, worded as the real server words them."""

from typing import Any, NoReturn

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class ApiError(Exception):
    """What a method answers when it refuses: a code, a description, and sometimes parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def envelope(self) -> dict[str, Any]:
        """Give the body of the answer."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def worded(code: int, text: str) -> str:
    """Put the prefix of the code before a text, which loses its capital unless its second letter has one too."""
    if not text:
        return PREFIXES[code]
    head = text if text[1:2].isupper() or text[1:2] == "_" else text[:1].lower() + text[1:]
    return f"{PREFIXES[code]}: {head}"


def flood(retry_after: int) -> ApiError:
    """Give the refusal of what came too soon, for so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def refuse(text: str, code: int = 400, **parameters: Any) -> NoReturn:
    """Refuse the request that is being handled."""
    raise ApiError(code, worded(code, text), parameters)
