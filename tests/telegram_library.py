"""The documents that the bot in Telegram is asked about, and their index, built once for all tests."""

from collections.abc import Mapping
from pathlib import Path

from qa_bot.config import Settings
from qa_bot.opening import make_encoder, update_index

LIGHTHOUSE = """# The lighthouse of Korrin

The lighthouse of Korrin was built in 1871 by the engineer Marta Hale. It stands on the northern cliff.

Its lamp burned whale oil at first. Electric light came to the tower in 1934.

The keeper of the lighthouse was Jonas Weld for forty years. He lived in the cottage below the tower.

The fog horn sounds every thirty seconds. Ships hear it at a distance of nine miles.

A storm broke the gallery in the winter of 1902. The repairs took three months and eleven masons.

The staircase has 212 steps of granite. Visitors climb it on Sundays in summer.

The lantern room was painted red so that sailors could tell it from the chapel. The paint comes from a mine inland.

The tower was automated in 1987. Since then nobody has slept in the cottage.

A small museum shows the old lens. It weighs two tons and was ground in Paris.
"""
OLD_FERRY = """---
date: 2019-05-01
---
# Ferry timetable of old

The ferry to Korrin carries 120 passengers on each crossing.

The first ferry of the day leaves the harbour at half past six.
"""
NEW_FERRY = """---
date: 2023-05-01
---
# Ferry timetable

The ferry to Korrin carries 150 passengers on each crossing.

Bicycles travel free of charge on the lower deck of the ferry.
"""
CAFE = """# 🦊 The fox café

The 🦊 fox café of Korrin opens at nine o'clock 🕘 in the morning and is run by Yusuf Brandt.

The café bakes a cake of rhubarb 🥧 with <almonds> & "cream" on Fridays.
"""
LIBRARY = """# مكتبة كورين

تأسست مكتبة كورين في عام 1923 على يد المعلمة ليلى حداد. تضم المكتبة أربعين ألف كتاب.

تفتح المكتبة أبوابها من الأحد إلى الخميس.
"""
SCHOOL = """# The school of Korrin

The village school of Korrin was founded in 1899 by the teacher Edith Moran.

Pupils of the school learn navigation from the age of twelve. Lessons end at two o'clock.

The headmaster of the school is Oskar Lind.
"""
BEEKEEPER = "The beekeeper of Korrin sells heather honey at the market on Saturdays."
TOPICS = (
    "smoke",
    "wax",
    "brood",
    "nectar",
    "swarms",
    "frames",
    "clover",
    "mites",
    "queens",
    "drones",
    "sugar",
    "combs",
)


def long_paragraph() -> str:
    """Give one paragraph of more than 12,000 characters; the sentence about the beekeeper stands in its middle."""
    said = [
        f"Note {number} of the diary of hives speaks of {TOPICS[number % len(TOPICS)]} and of weather on day {number} of the year."
        for number in range(1, 149)
    ]
    said.insert(75, BEEKEEPER)
    return " ".join(said)


DOCUMENTS: Mapping[str, str] = {
    "lighthouse.md": LIGHTHOUSE, "ferry-2019.md": OLD_FERRY, "ferry-2023.md": NEW_FERRY, "cafe.md": CAFE,
    "library.md": LIBRARY, "school.md": SCHOOL, "hives.txt": f"The diary of hives\n\n{long_paragraph()}\n",
}  # fmt: skip


def build(folder: Path) -> Path:
    """Write the documents into a folder, and make their index beside them."""
    (folder / "seeds").mkdir(parents=True)
    for name, text in DOCUMENTS.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    settings = settings_in(folder, folder / "telegram.sqlite3")
    update_index(settings, make_encoder(settings))
    return folder


def settings_in(folder: Path, database: Path, **sections: Mapping[str, object]) -> Settings:
    """Give the settings of a bot with the documents of a folder and a memory of its own; sections override defaults."""
    paths = {"seeds": folder / "seeds", "embeddings": folder / "embeddings", "telegram": database}
    encoder = {"threads": 2}
    return Settings.model_validate({"paths": paths, "encoder": encoder, "folder": folder} | sections)
