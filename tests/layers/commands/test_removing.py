"""What killed builds have left in the folder of places."""

from __future__ import annotations

import os

from data.place import CARD
from layers.commands.removing import tidy


def test_what_was_left_is_cleared_and_what_was_put_aside_comes_back(tmp_path):
    def put(name, *files, age=7_200):
        folder = tmp_path / name
        folder.mkdir()
        for file in files:
            (folder / file).touch()
        os.utime(folder, (folder.stat().st_mtime - age,) * 2)

    put("leeds", CARD)
    put(".leeds-abcd_efg", "areas.parquet")
    put(".leeds-abcd_efg-old", CARD)
    put(".york-12345678-old", CARD)
    put(".hull-12345678", CARD, age=60)
    put(".notes-12345678", "mine.txt")
    put(".git", CARD)
    tidy(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"leeds", "york", ".hull-12345678", ".notes-12345678", ".git"}
