"""Whether the bot is well, for whoever watches over it: /healthz and /metrics, on this machine only."""

from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from qa_bot.channels.telegram.metrics import Metrics

LOOPBACK = "127.0.0.1"


class Monitor:
    """A small web server."""

    def __init__(self, metrics: Metrics, ailment: Callable[[], str]) -> None:
        """Serve these metrics; ``ailment`` says what is wrong, nothing if the bot is well."""
        self._server = HTTPServer(
            Application(
                [(r"/healthz", _Health, {"ailment": ailment}), (r"/metrics", _Metrics, {"metrics": metrics})],
                log_function=lambda _handler: None,
            )
        )

    def start(self, port: int) -> None:
        """Listen. Raises `OSError` if the port is taken."""
        self._server.listen(port, LOOPBACK)

    async def stop(self) -> None:
        """Stop listening."""
        self._server.stop()
        await self._server.close_all_connections()


class _Health(RequestHandler):
    def initialize(self, ailment: Callable[[], str]) -> None:
        self._ailment = ailment

    def get(self) -> None:
        wrong = self._ailment()
        self.set_status(503 if wrong else 200)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{wrong or 'ok'}\n")


class _Metrics(RequestHandler):
    def initialize(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(self._metrics.text())
