"""Kept files: one folder an item, with the file and its receipt, changed in one step or not at all."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.fetch.receipts import Receipt, read_receipt, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from data.fetch.ask import Ask

RECEIPT, NEXT = "receipt.json", "receipt.next.json"
"""The receipt of the kept file; that of a file which is just being put in its place."""


@dataclass(frozen=True)
class Item:
    """The folder of one file that is kept.

    A new file takes three steps: its receipt is written as the next one, the file is renamed into its place, the next
    receipt becomes the receipt. Whoever is killed in between leaves a file and a receipt of which one tells whether
    they belong together, so the file is the old one or the new one, and known as what it is.
    """

    folder: Path
    name: str

    @classmethod
    def of(cls, cache: Path, ask: Ask) -> Item:
        """Where the answer to a question is kept."""
        return cls(cache / ask.source / ask.key, ask.file_name)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / self.name

    @property
    def lock(self) -> Path:
        """The file to hold while it is changed."""
        return self.folder / ".lock"

    @property
    def part(self) -> Path:
        """What has arrived of a newer one; with the same ending, as readers go by it."""
        return self.folder / f"part.{self.name}"

    def kept(self) -> Receipt | None:
        """The receipt of the file, if there is one and it is whole."""
        receipts = (read_receipt(self.folder / name) for name in (NEXT, RECEIPT))
        return next((one for one in receipts if one is not None and self._is(one)), None)

    def keep(self, draft: Path, receipt: Receipt) -> None:
        """Put a whole file in its place, with its receipt; who does so holds the lock."""
        self._settle()
        write_whole(self.folder / NEXT, to_json(receipt).encode())
        draft.replace(self.path)
        sync(self.folder)
        (self.folder / NEXT).replace(self.folder / RECEIPT)

    def confirm(self, receipt: Receipt) -> None:
        """Write another receipt of the same file; who does so holds the lock."""
        write_whole(self.folder / RECEIPT, to_json(receipt).encode())
        (self.folder / NEXT).unlink(missing_ok=True)

    def md5(self) -> str:
        """The MD5 of the file, as publishers give it."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

    def _settle(self) -> None:
        """Do the last step for somebody who was killed before it: otherwise the file would lose its receipt."""
        coming = read_receipt(self.folder / NEXT)
        if coming is not None and self._is(coming):
            (self.folder / NEXT).replace(self.folder / RECEIPT)

    def _is(self, receipt: Receipt) -> bool:
        try:
            return self.path.stat().st_size == receipt.bytes and sha256(self.path) == receipt.sha256
        except OSError:
            return False


def sha256(path: Path) -> str:
    """The hash of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file beside its place and rename it there."""
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def sync(folder: Path) -> None:
    """See to it that a rename is on the disk; where folders cannot be opened, the system does so by itself."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
