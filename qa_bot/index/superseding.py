"""Documents that change while a state of them is used: what was to be done is done again with the newest."""

from collections.abc import Callable
from typing import TypeVar

from qa_bot.errors import SupersededError

Result = TypeVar("Result")

# A state lives for seconds at least, and a question takes a fraction of one: so many changes in a row are no accident, and
# indexers that publish more often than questions are answered are no reason to go on for ever.
ATTEMPTS = 20


def despite_changes(work: Callable[[], Result], renew: Callable[[], object] = lambda: None) -> Result:
    """Do work on the state in force, and again where a newer one came in between.

    Args:
        work: what to do.
        renew: goes over to the newest state before work is done again.

    Raises:
        SupersededError: there came a newer one each time.

    """
    for _ in range(ATTEMPTS):
        try:
            return work()
        except SupersededError:
            renew()
    return work()
