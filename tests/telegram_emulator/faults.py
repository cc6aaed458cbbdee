"""What can go wrong on the way: each fault strikes a method, so many times, and then no more."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram_emulator import errors
from telegram_emulator.errors import ApiError, worded
from telegram_emulator.parameters import Json

CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"
GATEWAY_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"


@dataclass(frozen=True)
class Fault:
    """What happens to a request: it is refused, or processed and its answer lost, spoilt or late."""

    error: ApiError | None = None
    page: str = ""
    truncated: bool = False
    drop_before: bool = False
    drop_after: bool = False
    delay: float = 0.0
    gate: threading.Event | None = None

    @property
    def waits(self) -> bool:
        """Say whether the answer takes its time."""
        return bool(self.delay or self.gate)


def flood(retry_after: int) -> Fault:
    """Refuse what came too soon, for so many seconds."""
    return Fault(errors.flood(retry_after))


def error(code: int, text: str = "") -> Fault:
    """Refuse in any words, with the prefix of their code."""
    return Fault(ApiError(code, worded(code, text)))


def unauthorised() -> Fault:
    """Say that the token is not valid (any more)."""
    return error(401)


def not_found() -> Fault:
    """Answer as a proxy or a wrong path does."""
    return error(404)


def conflict() -> Fault:
    """Say that another process polls."""
    return error(409, CONFLICT)


def server_error(code: int = 500) -> Fault:
    """Fail at the server, and say so in JSON."""
    return error(code, "restart" if code == 500 else "")


def bad_gateway() -> Fault:
    """Fail at the server's gateway, and say so in HTML."""
    return Fault(page=GATEWAY_PAGE)


def truncated() -> Fault:
    """Process the request, and send half of the answer."""
    return Fault(truncated=True)


def dropped_before() -> Fault:
    """Break the connection before anything was done."""
    return Fault(drop_before=True)


def dropped_after() -> Fault:
    """Process the request, and break the connection before the answer."""
    return Fault(drop_after=True)


def late(seconds: float) -> Fault:
    """Process the request at once, and answer after some time."""
    return Fault(delay=seconds)


def held(gate: threading.Event) -> Fault:
    """Do nothing, and answer nothing, until the gate opens."""
    return Fault(gate=gate)


def always(_parameters: Json) -> bool:
    """Strike whatever is asked."""
    return True


@dataclass
class Plan:
    """A fault that is to strike."""

    method: str
    fault: Fault
    times: int
    when: Callable[[Json], bool]


@dataclass
class Faults:
    """The faults to come, in the order in which they were planned."""

    plans: list[Plan] = field(default_factory=list)

    def plan(self, method: str, fault: Fault, times: int = 1, when: Callable[[Json], bool] = always) -> None:
        """Let a fault strike a method's next calls for which ``when`` holds; ``*`` stands for every method."""
        self.plans.append(Plan(method.lower(), fault, times, when))

    def find(self, method: str, parameters: Json) -> Plan | None:
        """Find the fault that strikes a call."""
        named = {method.lower(), "*"}
        plans = (plan for plan in self.plans if plan.times > 0 and plan.method in named and plan.when(parameters))
        return next(plans, None)

    def take(self, method: str, parameters: Json) -> Fault:
        """Let the fault that strikes a call do so; where there is none, nothing is wrong."""
        plan = self.find(method, parameters)
        if plan is None:
            return Fault()
        plan.times -= 1
        return plan.fault

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.plans.clear()
