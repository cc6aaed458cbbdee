"""What is known of a search that does not look at every vector."""

from dataclasses import dataclass

# Of the ten nearest vectors at least this share is to be among those looked at closely.
LEAST_RECALL = 0.98


@dataclass(frozen=True, slots=True)
class Approximation:
    """How vectors are searched that are too many to compare each.

    They lie in so many ``cells``, of which the ``probes`` nearest to a question are looked at. ``recall`` is the share of
    the ten nearest vectors that are found so, as measured when there were ``vectors`` of them; ``added`` were since.
    """

    cells: int
    probes: int
    recall: float
    vectors: int
    added: int

    @property
    def good(self) -> bool:
        """Whether as many are found as should be."""
        return self.recall >= LEAST_RECALL


def shortfalls(approximations: dict[str, Approximation | None]) -> tuple[str, ...]:
    """Say in a sentence each which searches find less than they should."""
    return tuple(
        f"the search among {name} finds {approximation.recall:.1%} of the ten nearest, less than the {LEAST_RECALL:.0%} wanted"
        for name, approximation in approximations.items()
        if approximation is not None and not approximation.good
    )
