"""No small file costs much: what is larger than it seems is refused before it is unpacked."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from data.store.photos import BROKEN, MOST_BYTES, TOO_LARGE, TOO_MANY_PIXELS, reencoded
from tests.data.store.pictures import chunk, exif, picture, refused, saved, segment


def test_too_many_bytes():
    refused(saved(picture()) + b"\0" * MOST_BYTES, TOO_LARGE)


def png(width, height, pixel, rows):
    """A PNG of so many rows of one colour; a row is packed once, for packing them all would take long."""
    row, packer, total = b"\0" + pixel * width, zlib.compressobj(9, zlib.DEFLATED, -15), 1
    once = packer.compress(row) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(rows):
        total = zlib.adler32(row, total)
    data = b"\x78\xda" + once * rows + b"\x03\0" + struct.pack(">I", total)
    head = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[len(pixel)], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_bomb(width, height):
    return png(width, height, b"\0\0\0", min(height, 500))


def webp_bomb():
    frame = saved(picture(), "WEBP", exif=exif())
    assert frame[12:16] == b"VP8X"
    return frame[:24] + (16_382).to_bytes(3, "little") + (16_382).to_bytes(3, "little") + frame[30:]


def jpeg_bomb():
    small = saved(picture())
    at = small.index(b"\xff\xc0")
    return small[: at + 5] + struct.pack(">HH", 65_000, 65_000) + small[at + 9 :]


def endless():
    head = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 16, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def lossless_bomb():
    whole = saved(picture(), "WEBP", lossless=True)
    assert whole[12:16] == b"VP8L"
    return whole[:21] + b"\xff\xff\xff\x0f" + whole[25:]


BOMBS = {
    "png": lambda: png_bomb(50_000, 50_000),
    "png just above": lambda: png_bomb(10_000, 4_001),
    "png of 100 million": lambda: png_bomb(10_000, 10_000),  # where Pillow only warns
    "png of no end": endless,
    "jpeg": jpeg_bomb,
    "webp": webp_bomb,
    "webp without loss": lossless_bomb,
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_refused(case):
    before = Image.MAX_IMAGE_PIXELS
    data = BOMBS[case]()
    assert len(data) < 1_000_000
    begun = time.process_time()
    refused(data, TOO_MANY_PIXELS)
    assert time.process_time() - begun < 1
    assert before == Image.MAX_IMAGE_PIXELS


MEASURE = """
import sys
sys.path.insert(0, ".")
from data.store.photos import reencoded
from geo.errors import RequestError

def peak():  # of this process alone; getrusage begins with the parent's
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

data = sys.stdin.buffer.read()
before, width = peak(), 0
try:
    width = reencoded(data).width
except RequestError:
    pass
print(width, (peak() - before) // 1024)
"""


def measured(data):
    """Width of the photo (0 if refused) and megabytes it took, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", MEASURE], input=data, capture_output=True, check=True)
    width, megabytes = run.stdout.split()
    return int(width), int(megabytes)


@pytest.mark.parametrize("case", ["png", "jpeg", "webp"])
def test_a_bomb_takes_no_memory(case):
    width, megabytes = measured(BOMBS[case]())
    assert width == 0
    assert megabytes < 15


BLACK = Path(__file__).parent / "black_8000x5000.webp.z"
"""``saved(Image.new("RGB", (8_000, 5_000)), "WEBP", method=0)``, which takes long to make, packed by zlib."""

LARGEST = {
    "jpeg": lambda: saved(Image.new("RGB", (8_000, 5_000))),
    "png": lambda: png(8_000, 5_000, b"\t\t\t\t", 5_000),
    "webp": lambda: zlib.decompress(BLACK.read_bytes()),
}


@pytest.mark.parametrize(("kind", "most"), [("jpeg", 150), ("png", 600), ("webp", 750)])
@pytest.mark.program
def test_the_largest_that_is_taken_fits_in_memory(kind, most):
    width, megabytes = measured(LARGEST[kind]())
    assert width == 1_600
    assert megabytes < most


def many_scans(width, height, scans):
    """A progressive JPEG that goes over an empty picture again and again: 80 bytes for each time."""
    blocks = -(-width // 8) * -(-height // 8)
    tables = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    tables += segment(0xC4, b"\x00\1" + b"\0" * 15 + b"\x00") + segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\xe0")
    runs = b"\0" * (15 * 2 * (blocks // 32_767 + 2) // 8 + 1)
    once = segment(0xDA, b"\1\1\0\0\0\0") + b"\0" * (blocks // 8 + 1)
    return b"\xff\xd8" + tables + once + (segment(0xDA, b"\1\1\0\1\x3f\0") + runs) * scans + b"\xff\xd9"


def test_a_jpeg_of_many_scans():
    assert reencoded(many_scans(400, 300, 20)).width == 400
    data = many_scans(6_000, 6_000, 60_000)
    assert len(data) < MOST_BYTES
    begun = time.process_time()
    refused(data, BROKEN)
    assert time.process_time() - begun < 1
    film = saved(picture()) + segment(0xDA, b"") * 500  # what stands behind the end, as a moving photo's film does
    assert reencoded(film).width == 64
