"""What goes wrong with a database: what passes by itself, and what each error means to whoever keeps the bot."""

import re

import psycopg

# What passes by itself: a server that stops, starts, has its places taken, or cancels what stands in its way.
PASSING = frozenset({"57P01", "57P02", "57P03", "53300", "40001", "40P01", "25006"})
# libpq gives no codes for what a server says when a connection is opened, only its words.
REFUSED = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* (does not exist|is not permitted)"
)
NO_DATABASE = re.compile(r'database ".*" does not exist')
READ_ONLY = re.compile(r"session is (not )?read-only|hot standby mode|read-only")


class PublishingError(psycopg.OperationalError):
    """A state that is being put in force on several servers, one after the other: worth another attempt."""

    def __init__(self) -> None:
        """Say how an update that was interrupted then is mended."""
        super().__init__("is changing on its shards: ask again; where that was interrupted, run: qa-bot index")


class LaggingError(psycopg.OperationalError):
    """A replica that has not received yet what was put in force elsewhere: worth another attempt."""

    def __init__(self, generation: int) -> None:
        """Name what it lacks."""
        super().__init__(
            f"lags behind: generation {generation} has not come to it yet: ask again, or name the primary first"
        )


class SilentError(psycopg.OperationalError):
    """A server that does not even say that it gives up: its machine stands still, or the network swallows everything."""

    def __init__(self, seconds: float) -> None:
        """Tell how long it was waited for."""
        super().__init__(f"has not answered for {seconds:g} seconds: see whether its machine stands still")


# What each error means: by its class or, where it has no code, by its words.
EXPLANATIONS: tuple[tuple[tuple[type[psycopg.Error], ...], re.Pattern[str] | None, str], ...] = (
    ((PublishingError, LaggingError, SilentError), None, "{words}"),
    (
        (psycopg.errors.QueryCanceled,),
        None,
        "took more than {seconds:g} seconds for one search: see what keeps it busy, or raise search_seconds under [postgresql]",
    ),
    (
        (psycopg.errors.LockNotAvailable,),
        None,
        "has been indexed into by another process for long: wait for it, or stop it",
    ),
    (
        (psycopg.errors.ReadOnlySqlTransaction,),
        READ_ONLY,
        "is read-only ({words}): name a server that takes changes in the DSN too, or promote one",
    ),
    (
        (psycopg.errors.InsufficientPrivilege,),
        None,
        "refuses what is needed ({words}): grant it to the user of the DSN",
    ),
    (
        (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile, psycopg.errors.UndefinedObject),
        None,
        "lacks the extension pgvector ({words}): install it on the server",
    ),
    (
        (psycopg.errors.InvalidPassword, psycopg.errors.InvalidAuthorizationSpecification),
        REFUSED,
        "does not let the user of the DSN in ({words}): correct user and password, or let them in at the server",
    ),
    (
        (psycopg.errors.InvalidCatalogName,),
        NO_DATABASE,
        "has no such database ({words}): create it, or correct the DSN",
    ),
    ((psycopg.OperationalError,), None, "cannot be used now ({words}): start it, or correct the DSN"),
)


def may_pass(exc: psycopg.Error) -> bool:
    """Whether another attempt may succeed."""
    if exc.sqlstate is not None:
        return exc.sqlstate in PASSING or exc.sqlstate.startswith("08")
    words = str(exc)
    return isinstance(exc, psycopg.OperationalError) and not REFUSED.search(words) and not NO_DATABASE.search(words)


def explanation_of(exc: psycopg.Error, search_seconds: float) -> str:
    """Say in one line what is wrong with a database, and how to mend it."""
    words = " ".join((exc.diag.message_primary or str(exc)).split())
    for kinds, pattern, explanation in EXPLANATIONS:
        if isinstance(exc, kinds) or (exc.sqlstate is None and pattern is not None and pattern.search(words)):
            return explanation.format(words=words, seconds=search_seconds)
    return f"failed ({words})"
