"""What a running bot counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """Counters of one bot, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter("qa_bot_answers_total", "Questions dealt with", ["status"], registry=self.registry)
        self.seconds = Histogram(
            "qa_bot_answer_seconds",
            "Seconds from a question's arrival to its answer's delivery",
            registry=self.registry,
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self.waiting = Gauge("qa_bot_waiting", "Questions that wait", registry=self.registry)
        self.errors = Counter("qa_bot_errors_total", "Errors while an update was handled", registry=self.registry)
        self.corrections = Counter(
            "qa_bot_corrections_total", "Answers that were found outdated", ["outcome"], registry=self.registry
        )
        self.poison = Counter("qa_bot_unreadable_updates_total", "Updates that were skipped", registry=self.registry)

    def text(self) -> bytes:
        """Give all of it in the form that Prometheus reads."""
        return generate_latest(self.registry)
