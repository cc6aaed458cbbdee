"""Settings: ``config.toml``, overridden by the environment (``QA_BOT_SECTION__NAME``).

What each setting means is said in ``config.toml`` itself, which names every one of them.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    create_model,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from qa_bot.errors import ConfigError
from qa_bot.limits import Limits
from qa_bot.mistakes import (
    DELIMITER,
    NO_LIST,
    PREFIX,
    in_environment,
    in_file,
    place_in_file,
    place_of,
    refuse_unknown_variables,
)

DEFAULT_FILE = Path("config.toml")


class Section(BaseModel):
    """A table of ``config.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# A path is written as a string, and as nothing else.
FilePath = Annotated[Path, BeforeValidator(lambda value: Path(value) if isinstance(value, str) else value)]
# What is read of the file says so: its values have types, those of the environment are texts.
OF_THE_FILE = {"of_the_file": True}


def _list(example: str) -> BeforeValidator:
    """Take a list for a tuple; the environment writes it in JSON."""

    def read(value: object, info: ValidationInfo) -> object:
        several = _decoded(value) if isinstance(value, str) and info.context != OF_THE_FILE else value
        if not isinstance(several, list | tuple):
            raise PydanticCustomError(NO_LIST, "is no list: write {example}", {"example": example})
        return tuple(several)

    return BeforeValidator(read)


def _decoded(text: str) -> object:
    """Read JSON; nothing, if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# Numbers of users and chats, addresses on the web.
Numbers = Annotated[tuple[int, ...], NoDecode, _list("[12, 13]")]
Texts = Annotated[tuple[str, ...], NoDecode, _list('["https://…", "https://…"]')]


class Paths(Section):
    """Where things are."""

    seeds: FilePath = Path("seeds")
    embeddings: FilePath = Path("embeddings")
    history: FilePath = Path(".qa_bot_history")
    telegram: FilePath = Path(".qa_bot_telegram.sqlite3")


class Reading(Section):
    """How files become documents."""

    max_file_mb: Annotated[float, Field(gt=0, le=10_000)] = 20
    max_seconds: Annotated[float, Field(gt=0, le=3_600)] = 20
    max_memory_mb: Annotated[int, Field(ge=300, le=1_000_000)] = 1_000
    max_characters: Annotated[int, Field(ge=1, le=1_000_000_000)] = 20_000_000

    @property
    def limits(self) -> Limits:
        """These settings for those who read."""
        return Limits(**self.model_dump())


class Fetching(Section):
    """What is fetched from the web, and how much of it."""

    feeds: Texts = ()
    sitemaps: Texts = ()
    max_pages: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    max_mb: Annotated[float, Field(gt=0, le=10_000)] = 20
    seconds: Annotated[float, Field(gt=0, le=3_600)] = 30
    delay_seconds: Annotated[float, Field(ge=0, le=3_600)] = 1
    robots: bool = True
    allow_private: bool = False


class EncoderSettings(Section):
    """Which model makes the vectors, and how."""

    model: Annotated[str, Field(min_length=1)] = "all-MiniLM-L6-v2"
    precision: Literal["auto", "int8", "float32", "bfloat16"] = "auto"
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 8


class IndexSettings(Section):
    """What keeps the index."""

    engine: Literal["embedded", "postgresql"] = "embedded"


class PostgreSQL(Section):
    """Where the database is that keeps the index, and how patient to be with it."""

    dsn: SecretStr = SecretStr("")
    dsn_file: str = ""
    schema_name: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,39}$")] = "qa_bot"
    search_seconds: Annotated[float, Field(gt=0, le=3_600)] = 10
    retry_seconds: Annotated[float, Field(ge=0, le=3_600)] = 15
    memory_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 256


class EvidenceSettings(Section):
    """How sure an answer is, and what decides it."""

    reader: str = "packaged"
    reads: Annotated[int, Field(ge=1, le=50)] = 4
    weights: str = ""


class Answering(Section):
    """What an answer shows."""

    threshold: Annotated[float, Field(ge=0, le=1)] | Literal["auto"] = "auto"
    excerpts: Annotated[int, Field(ge=1, le=50)] = 3
    near: Annotated[int, Field(ge=0, le=50)] = 3
    max_question: Annotated[int, Field(ge=1, le=100_000)] = 2_000


class Telegram(Section):
    """How the bot talks to people in Telegram. Secrets come from the environment or from the files named here."""

    token: SecretStr = SecretStr("")
    token_file: str = ""
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    poll_seconds: Annotated[int, Field(ge=1, le=50)] = 10
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=1, le=65_535)] = 8443
    webhook_secret: SecretStr = SecretStr("")
    webhook_secret_file: str = ""
    access: Literal["everyone", "listed"] = "everyone"
    users: Numbers = ()
    chats: Numbers = ()
    invitation_code: SecretStr = SecretStr("")
    invitation_code_file: str = ""
    admins: Numbers = ()
    questions_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 12
    group_questions_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 18
    answer_unasked: bool = False
    unasked_confidence: Annotated[float, Field(ge=0, le=1)] = 0.9
    fresh_minutes: Annotated[int, Field(ge=1, le=1_440)] = 60
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 90
    corrections: bool = False
    monitor_port: Annotated[int, Field(ge=0, le=65_535)] = 0


def _is_local(url: str) -> bool:
    """Whether an address is this machine's, where a Bot API server of one's own may deliver without TLS."""
    return re.match(r"http://(127\.0\.0\.1|localhost)(?::|/|$)", url) is not None


# These are refused in the file, which is copied, committed and shown to others.
SECRETS = {
    "postgresql": {"dsn": "dsn_file"},
    "telegram": {name: f"{name}_file" for name in ("token", "webhook_secret", "invitation_code")},
}


class Settings(BaseSettings):
    """All settings. Paths are absolute once they are loaded."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, extra="forbid", frozen=True, env_ignore_empty=False
    )

    paths: Paths = Paths()
    reading: Reading = Reading()
    fetching: Fetching = Fetching()
    encoder: EncoderSettings = EncoderSettings()
    index: IndexSettings = IndexSettings()
    postgresql: PostgreSQL = PostgreSQL()
    evidence: EvidenceSettings = EvidenceSettings()
    answering: Answering = Answering()
    telegram: Telegram = Telegram()
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, whose content is given to the constructor."""
        return env_settings, init_settings


def load(file: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        file: the configuration; ``config.toml`` of the current folder if not given.

    Raises:
        ConfigError: the file is missing or no TOML, or a setting is unknown, of the wrong type or impossible.

    """
    path = file or DEFAULT_FILE
    text = _read(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        msg = f"{path} is not valid TOML: {exc}"
        raise ConfigError(msg) from exc
    refuse_unknown_variables(set(Settings.model_fields) - {"folder"})
    folder = path.resolve().parent
    _refuse_secrets(table, path, text)
    try:
        _check_types(table)
    except ValidationError as exc:
        raise ConfigError(in_file(exc, path, text)) from exc
    try:
        settings = Settings(**table | {"folder": folder})
    except ValidationError as exc:
        raise ConfigError(in_environment(exc)) from exc
    _refuse_incomplete(settings.telegram, path, text)
    return settings.model_copy(update={"paths": _absolute(settings.paths, folder)})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        msg = f"there is no {path}: run qa-bot in the folder of config.toml, or name it with --config FILE"
        raise ConfigError(msg) from exc
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"{path} cannot be read: {exc}"
        raise ConfigError(msg) from exc


def _refuse_incomplete(telegram: Telegram, path: Path, text: str) -> None:
    """Refuse a webhook without its address; they may come from different places, so that no section can tell."""
    if telegram.mode != "webhook" or telegram.webhook_url.startswith("https://") or _is_local(telegram.webhook_url):
        return
    keys = ["telegram", "webhook_url" if telegram.webhook_url else "mode"]
    msg = (
        f"{place_of(keys, path, text)} is impossible: a webhook needs an address that begins with https://, set as webhook_url under [telegram] in "
        f"config.toml or as {PREFIX}TELEGRAM{DELIMITER}WEBHOOK_URL"
    )
    raise ConfigError(msg)


def _refuse_secrets(table: dict[str, Any], path: Path, text: str) -> None:
    for section, secrets in SECRETS.items():
        for name, file in secrets.items():
            content = table.get(section)
            if isinstance(content, dict) and name in content:
                msg = f"{place_in_file([section, name], path, text)} is a secret, which has no place in this file: set {PREFIX}{section.upper()}{DELIMITER}{name.upper()}, or name a file as {file}"
                raise ConfigError(msg)


def _check_types(table: dict[str, Any]) -> None:
    """Be strict with the file: where it says "3", it does not say 3. The environment can only say "3"."""
    sections = {
        name: (field.annotation, field.default) for name, field in Settings.model_fields.items() if name != "folder"
    }
    File = create_model("File", __config__=ConfigDict(extra="forbid"), **sections)  # type: ignore[call-overload]  # noqa: N806
    File.model_validate(table, strict=True, context=OF_THE_FILE)


def _absolute(paths: Paths, folder: Path) -> Paths:
    return Paths(**{name: folder / getattr(paths, name).expanduser() for name in Paths.model_fields})
