"""What a PDF says, as poppler reads it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from functools import lru_cache

from PIL import Image

from tests.required import missing


def picture(width: int = 870, height: int = 500) -> bytes:
    """A map's picture, of one colour."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#88aacc").save(made, "png")
    return made.getvalue()


@lru_cache(maxsize=64)
def poppler(program: str, document: bytes, *options: str) -> str:
    """What a program of poppler says of a document."""
    if shutil.which(program) is None:
        missing("poppler", f"no {program} on this machine: it comes with poppler-utils")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(document)
        file.flush()
        to = ["-"] if program == "pdftotext" else []
        return subprocess.run([program, *options, file.name, *to], capture_output=True, check=True).stdout.decode()


def words(document: bytes, *options: str) -> str:
    """The text of a document, one space between words, without the marks of direction that poppler adds."""
    return " ".join(re.sub("[\u200e\u200f\u202a-\u202e]", "", poppler("pdftotext", document, *options)).split())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
