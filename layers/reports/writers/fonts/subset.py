"""Make the three fonts here that are parts of larger ones.

``python -m layers.reports.fonts.subset NotoSansCJK-Regular.ttc NotoSansSymbols2-Regular.ttf NotoSansMath-Regular.ttf``;
README.md beside it says where the larger ones come from. The parts bear names of their own, as altered fonts should.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
SIMPLIFIED = 2
"""Which font of the collection Noto Sans CJK: the one whose forms are those of mainland China."""

CODES = {
    "gb2312": (0xA1, 0xF7),
    "big5": (0xA1, 0xC6),
    "euc_jp": (0xA1, 0xCF),
    "euc_kr": (0xA1, 0xC8),
}
"""Double-byte codes and the first and last of their rows that are kept: all of GB 2312, the first level of Big5 and of
JIS X 0208, the kana, and the syllables of KS X 1001 without its ideographs. These are the common characters."""

HONG_KONG = "嘅咗唔喺哋冇啲嘢喎啫㗎嚟嗰佢咁噉乜睇攞俾畀揾搵啱咪嘥瞓攰靚冧邨埗圳涌鰂蠔埔"
"""What Cantonese is written with and the first level of Big5 lacks."""

PICTURES = (
    range(0x2190, 0x2200), range(0x2300, 0x2400), range(0x25A0, 0x27C0), range(0x2B00, 0x2C00),
    range(0x1F300, 0x1F700),
)  # fmt: skip
"""Arrows, shapes, weather, ticks, stars and the commoner pictures."""

SIGNS = (range(0x2070, 0x20A0), range(0x2100, 0x2150), range(0x2190, 0x21D6), range(0x2200, 0x2300))
"""Raised figures, letter-like signs, plain arrows; the minus sign and what else is written between numbers."""


def han() -> set[int]:
    """Code points of common Chinese, Japanese and Korean."""
    found = set(map(ord, HONG_KONG))
    for code, (first, last) in CODES.items():
        for row in range(first, last + 1):
            for cell in range(0x40, 0xFF):
                try:
                    found |= set(map(ord, bytes((row, cell)).decode(code)))
                except UnicodeDecodeError:
                    continue
    return {point for point in found if point >= 0x2E80}


def part(source: Path, number: int, points: Iterable[int], family: str, path: Path) -> None:
    """Write the part of a font that has some code points, under another name.

    Parameters
    ----------
    source, number
        The font's file, and which of the file's fonts.
    points
        Code points; those that the font lacks are left out.
    family
        What the part is called.
    path
        Where to write it.
    """
    font = TTFont(source, fontNumber=number, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["mark", "mkmk"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=set(points) & set(font.getBestCmap()))
    maker.subset(font)
    plain = family.replace(" ", "")
    said = {1: family, 3: f"{plain}-Regular", 4: family, 6: f"{plain}-Regular"}
    for record in list(font["name"].names):
        if record.nameID in said:
            font["name"].setName(said[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID)
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames = [f"{plain}-Regular"]
        top = table[0]
        top.FullName, top.FamilyName = family, family
    font.save(path)


if __name__ == "__main__":
    cjk, symbols, signs = map(Path, sys.argv[1:4])
    part(cjk, SIMPLIFIED, han(), "Pramshed Han", HERE / "PramshedHan-Regular.otf")
    part(
        symbols,
        0,
        (point for block in PICTURES for point in block),
        "Pramshed Symbols",
        HERE / "PramshedSymbols-Regular.ttf",
    )
    part(signs, 0, (point for block in SIGNS for point in block), "Pramshed Signs", HERE / "PramshedSigns-Regular.ttf")
