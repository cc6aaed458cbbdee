import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_bot.config import SECRETS, Section, Settings, load
from qa_bot.errors import ConfigError

CONFIG = Path(__file__).parent.parent / "config.toml"
SECTIONS: dict[str, Section] = {
    name: field.default for name, field in Settings.model_fields.items() if isinstance(field.default, Section)
}
SETTINGS = [
    (section, name)
    for section, defaults in SECTIONS.items()
    for name in type(defaults).model_fields
    if name not in SECRETS.get(section, {})
]


def write(folder: Path, text: str) -> Path:
    """Write a configuration."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    """Give the message with which a configuration is refused, which is one line."""
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def test_config_file_holds_every_default() -> None:
    """``config.toml`` says every setting with its default, in order, and nothing else."""
    table = tomllib.loads(CONFIG.read_text(encoding="utf-8"))

    expected = {
        section: defaults.model_dump(mode="json", exclude=set(SECRETS.get(section, {})))
        for section, defaults in SECTIONS.items()
    }
    assert table == expected
    assert [(section, name) for section, keys in table.items() for name in keys] == SETTINGS


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_every_setting_is_explained(section: str, name: str) -> None:
    """Above every setting in ``config.toml`` stands a comment that explains it."""
    _, _, table = CONFIG.read_text(encoding="utf-8").partition(f"\n[{section}]\n")

    assert re.search(rf"^# .+[.:]\n{name} = ", table.partition("\n[")[0], re.MULTILINE)


def test_file_of_the_project_is_the_default() -> None:
    """Reading ``config.toml`` gives the defaults, with its paths in its own folder."""
    settings = load(CONFIG)

    assert settings.model_dump(exclude={"paths"}) == Settings().model_dump(exclude={"paths"})
    assert settings.folder == CONFIG.parent
    assert settings.paths.model_dump() == {
        "seeds": CONFIG.parent / "seeds",
        "embeddings": CONFIG.parent / "embeddings",
        "history": CONFIG.parent / ".qa_bot_history",
        "telegram": CONFIG.parent / ".qa_bot_telegram.sqlite3",
    }


def test_settings_left_out_have_their_defaults(tmp_path: Path) -> None:
    """A file says only what it changes; an empty one changes nothing."""
    changed = load(write(tmp_path, "[answering]\nnear = 1\n"))

    assert changed.answering == Settings().answering.model_copy(update={"near": 1})
    assert load(write(tmp_path, "")).model_dump(exclude={"paths"}) == Settings().model_dump(exclude={"paths"})


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths do not depend on where the program runs; absolute ones and the home folder stay."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    folder = tmp_path / "project"
    folder.mkdir()
    write(folder, '[paths]\nseeds = "texts/new"\nembeddings = "/index"\nhistory = "~/history"\n')
    monkeypatch.chdir(tmp_path)

    settings = load(Path("project/config.toml"))

    assert settings.folder == folder
    assert settings.paths.model_dump() == {
        "seeds": folder / "texts/new",
        "embeddings": Path("/index"),
        "history": home / "history",
        "telegram": folder / ".qa_bot_telegram.sqlite3",
    }


def test_config_of_the_current_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file given, ``config.toml`` of the current folder is read."""
    write(tmp_path, "[answering]\nnear = 7\n")
    monkeypatch.chdir(tmp_path)

    assert load().answering.near == 7


@pytest.mark.parametrize(
    ("variable", "value", "setting", "expected"),
    [
        ("QA_BOT_ANSWERING__THRESHOLD", "0.6", "answering.threshold", 0.6),
        ("QA_BOT_ENCODER__THREADS", "4", "encoder.threads", 4),
        ("QA_BOT_ENCODER__PRECISION", "float32", "encoder.precision", "float32"),
        ("qa_bot_encoder__model", "other", "encoder.model", "other"),
    ],
)
def test_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, variable: str, value: str, setting: str, expected: object
) -> None:
    """A variable changes its one setting; the others of the section stay as the file has them."""
    file = write(
        tmp_path, '[answering]\nthreshold = 0.3\nnear = 1\n[encoder]\nthreads = 2\nbatch_size = 8\nmodel = "m"\n'
    )
    monkeypatch.setenv(variable, value)

    settings = load(file)

    section, name = setting.split(".")
    assert getattr(getattr(settings, section), name) == expected
    assert (settings.answering.near, settings.encoder.batch_size) == (1, 8)


def test_paths_of_the_environment_start_at_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path in the environment is relative to the same folder as one in the file."""
    monkeypatch.setenv("QA_BOT_PATHS__SEEDS", "other")

    assert load(write(tmp_path, '[paths]\nseeds = "texts"\n')).paths.seeds == tmp_path / "other"


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("\n[answering]\nnear = 1\ntreshold = 0.5\n", 4, "answering.treshold is no setting: "),
        ("[paths]\n\n[answring]\nnear = 1\n", 3, "answring is no setting: "),
        ("near = 1\n", 1, "near is no setting: "),
        ('[reading]\n"max_mb" = 3\n', 2, "reading.max_mb is no setting: "),
        ('[answering]\n# near = 1\nnear = "3"\n', 3, "answering.near is impossible: "),
        ("[answering]\nnear = 3.5\n", 2, "answering.near is impossible: "),
        ("[answering]\nnear = true\n", 2, "answering.near is impossible: "),
        ("[paths]\nseeds = 3\n", 2, "paths.seeds is impossible: "),
        ("\n\n[answering]\nthreshold = 1.5\n", 4, "answering.threshold is impossible: "),
        ("[answering]\nthreshold = nan\n", 2, "answering.threshold is impossible: "),
        ("[answering]\nexcerpts = 0\n", 2, "answering.excerpts is impossible: "),
        ("[reading]\nmax_file_mb = 0\n", 2, "reading.max_file_mb is impossible: "),
        ("[reading]\nmax_file_mb = inf\n", 2, "reading.max_file_mb is impossible: "),
        ('[encoder]\nthreads = 1\nprecision = "float8"\n', 3, "encoder.precision is impossible: "),
        ('[encoder]\nmodel = ""\n', 2, "encoder.model is impossible: "),
        ("answering = 3\n", 1, "answering is a section, not a setting: write [answering] on a line of its own, "),
        ("\ntelegram = 5\n", 2, "telegram is a section, not a setting: write [telegram] on a line of its own, "),
        ('telegram = "token"\n', 1, "telegram is a section, not a setting: "),
        ('\n[[postgresql]]\ndsn_file = ""\n', 2, "postgresql is a section, not a setting: "),
        ("[telegram]\nusers = 12\n", 2, "telegram.users is no list: write [12, 13]"),
        ('[telegram]\nchats = "[12]"\n', 2, "telegram.chats is no list: write [12, 13]"),
        ('[fetching]\nfeeds = "https://e.org/"\n', 2, 'fetching.feeds is no list: write ["https://…", "https://…"]'),
        ('[telegram]\nusers = ["12"]\n', 2, "telegram.users is impossible: Input should be a valid integer"),
        ("answering.near = -1\n", 1, "answering.near is impossible: "),
        ("[answering]\nexcerpts = 1\n[encoder]\nnear = 1\n", 4, "encoder.near is no setting: "),
        ("folder = 'elsewhere'\n", 1, "folder is no setting: "),
    ],
    ids=lambda value: repr(value) if isinstance(value, str) else None,
)
def test_mistakes_in_the_file_are_located(tmp_path: Path, text: str, line: int, complaint: str) -> None:
    """An unknown key, a wrong type or an impossible value is refused with the key and the line that sets it."""
    file = write(tmp_path, text)

    assert refusal(file).startswith(f"{file}, line {line}: {complaint}")


def test_unknown_key_says_how_to_mend_it(tmp_path: Path) -> None:
    """The message says what to do."""
    file = write(tmp_path, "[answering]\ntreshold = 0.5\n")

    assert refusal(file) == f"{file}, line 2: answering.treshold is no setting: remove it, or correct its name"


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("QA_BOT_ANSWERING__THRESHOLD", "2", "is impossible: Input should be less than or equal to 1"),
        ("QA_BOT_ANSWERING__NEAR", "many", "is impossible: Input should be a valid integer"),
        ("QA_BOT_ANSWERING__NEAR", "", "is impossible: Input should be a valid integer"),
        ("QA_BOT_ANSWERING__TRESHOLD", "0.5", "is no setting: remove it, or correct its name"),
        ("QA_BOT_ANSWRING__NEAR", "3", "names no setting: unset it, or correct its name"),
        ("QA_BOT_THRESHOLD", "0.5", "names no setting: unset it, or correct its name"),
        ("QA_BOT_FOLDER", "/", "names no setting: unset it, or correct its name"),
        ("QA_BOT_TELEGRAM__USERS__0", "12", "names no setting: unset it, or correct its name"),
        ("qa_bot_answering__near", "many", "is impossible: Input should be a valid integer"),
        ("QA_BOT_TELEGRAM__USERS", "12,13", "is no list: write [12, 13]"),
        ("QA_BOT_TELEGRAM__USERS", "12", "is no list: write [12, 13]"),
        ("QA_BOT_TELEGRAM__USERS", "", "is no list: write [12, 13]"),
        ("QA_BOT_TELEGRAM__USERS", "[" * 100_000, "is no list: write [12, 13]"),
        ("QA_BOT_TELEGRAM__USERS", '["ann"]', "is impossible: Input should be a valid integer"),
        ("QA_BOT_FETCHING__FEEDS", "https://e.org/", 'is no list: write ["https://…", "https://…"]'),
        ("QA_BOT_ANSWERING", "0.5 or so", "sets a whole section as one value: set QA_BOT_ANSWERING__NAME instead"),
        ("QA_BOT_ANSWERING", '{"near": 1}', "sets a whole section as one value: set QA_BOT_ANSWERING__NAME instead"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_mistakes_in_the_environment_name_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, complaint: str
) -> None:
    """A variable that is misspelt or impossible is refused by its name; it is never silence."""
    monkeypatch.setenv(variable, value)

    assert refusal(write(tmp_path, "")).startswith(f"the environment variable {variable} {complaint}")


def test_mistakes_are_blamed_on_what_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in the file is, also where the environment sets the same setting."""
    file = write(tmp_path, '[answering]\nnear = "3"\n')
    monkeypatch.setenv("QA_BOT_ANSWERING__NEAR", "3")

    assert refusal(file).startswith(f"{file}, line 2: answering.near is impossible: ")


def test_lists_of_the_environment_are_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are written in the file too."""
    file = write(tmp_path, '[fetching]\nfeeds = ["https://e.org/"]\nsitemaps = ["https://e.org/a"]\n')
    monkeypatch.setenv("QA_BOT_FETCHING__FEEDS", '["https://f.org/", "https://g.org/"]')
    monkeypatch.setenv("QA_BOT_TELEGRAM__USERS", "[12, -13]")
    monkeypatch.setenv("QA_BOT_TELEGRAM__CHATS", "[]")

    settings = load(file)
    assert (settings.fetching.feeds, settings.fetching.sitemaps) == (
        ("https://f.org/", "https://g.org/"), ("https://e.org/a",),
    )  # fmt: skip
    assert (settings.telegram.users, settings.telegram.chats) == ((12, -13), ())


WEBHOOK = (
    " is impossible: a webhook needs an address that begins with https://, set as webhook_url under [telegram] in config.toml "
    "or as QA_BOT_TELEGRAM__WEBHOOK_URL"
)


@pytest.mark.parametrize(
    ("text", "variables", "place"),
    [
        ("", {"MODE": "webhook"}, "the environment variable QA_BOT_TELEGRAM__MODE"),
        ('[telegram]\nmode = "webhook"', {}, "{file}, line 2: telegram.mode"),
        (
            '[telegram]\nmode = "webhook"', {"WEBHOOK_URL": "http://e.org"},
            "the environment variable QA_BOT_TELEGRAM__WEBHOOK_URL",
        ),
        ('[telegram]\nwebhook_url = "http://e.org"', {"MODE": "webhook"}, "{file}, line 2: telegram.webhook_url"),
    ],
)  # fmt: skip
def test_an_incomplete_webhook_is_located(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, variables: dict[str, str], place: str
) -> None:
    """What is said is where the mode comes from, or the address that will not do."""
    for name, value in variables.items():
        monkeypatch.setenv(f"QA_BOT_TELEGRAM__{name}", value)
    file = write(tmp_path, text)

    assert refusal(file) == place.format(file=file) + WEBHOOK


def test_a_webhook_may_come_from_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mode from the file, its address from the environment, or the other way round."""
    monkeypatch.setenv("QA_BOT_TELEGRAM__WEBHOOK_URL", "https://e.org")
    settings = load(write(tmp_path, '[telegram]\nmode = "webhook"'))
    assert (settings.telegram.mode, settings.telegram.webhook_url) == ("webhook", "https://e.org")


@given(
    st.dictionaries(
        st.sampled_from([f"QA_BOT_{section}__{name}".upper() for section, name in SETTINGS] + ["QA_BOT_PATHS", "qa_bot_x"]),
        st.sampled_from(["", "1", "-1", "[1]", '["a"]', "{}", '{"a": 1}', "webhook", "null", "true", "[", "é", "nan"])
        | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        max_size=3,
    ),
    st.sampled_from(["", "telegram = 5", '[telegram]\nmode = "webhook"', "[paths]\nseeds = []", "x = 1"]),
)  # fmt: skip
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_environment_is_read_or_refused(tmp_path: Path, variables: dict[str, str], text: str) -> None:
    """Nothing but a sentence comes of a mistake, which names a variable that is set, or a line of the file."""
    file = write(tmp_path, text)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        try:
            load(file)
        except ConfigError as exc:
            message = str(exc)
            named = [f"the environment variable {name} " for name in variables]
            assert message.startswith((*named, f"{file}, line "))


def test_other_variables_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of other programs are none of ours."""
    monkeypatch.setenv("ANSWERING__NEAR", "9")
    monkeypatch.setenv("QA_BOTTLE", "9")

    assert load(write(tmp_path, "")).answering.near == 3


def test_invalid_toml_is_located(tmp_path: Path) -> None:
    """A file that is no TOML is refused with the place of the mistake."""
    file = write(tmp_path, "[answering]\nnear = \n")

    assert refusal(file) == f"{file} is not valid TOML: Invalid value (at line 2, column 8)"


def test_missing_file_says_where_to_look(tmp_path: Path) -> None:
    """A missing file is refused with what to do."""
    file = tmp_path / "none.toml"

    assert (
        refusal(file) == f"there is no {file}: run qa-bot in the folder of config.toml, or name it with --config FILE"
    )


@pytest.mark.parametrize("content", [b"# caf\xe9\n", None], ids=["not UTF-8", "a folder"])
def test_unreadable_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """What cannot be read as text is refused by its name."""
    file = tmp_path / "config.toml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)

    assert refusal(file).startswith(f"{file} cannot be read: ")


def test_settings_do_not_change(tmp_path: Path) -> None:
    """Settings are read once and stay as they are."""
    settings = load(write(tmp_path, ""))

    with pytest.raises(ValueError, match="frozen"):
        settings.answering.near = 5
