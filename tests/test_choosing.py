import re
import sys

import pytest
from stand_ins import WordEncoder

from qa_bot.config import Settings
from qa_bot.errors import ConfigError
from qa_bot.index.choosing import choose_workers


def test_without_ray_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is an extra: whoever asks for it without having it gets one sentence."""
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "qa_bot.index.ray_workers", raising=False)

    said = (
        "encoding by Ray needs ray, which is not installed: run: .venv/bin/pip install -c constraints.txt -e '.[ray]'"
    )
    with pytest.raises(ConfigError, match=f"^{re.escape(said)}$"):
        choose_workers(Settings(), WordEncoder(), "local")
