"""Pictures for tests of photos, and what becomes of them."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from data.store.photos import reencoded
from geo.errors import RequestError

SECRET = b"S3CRET-PLACE"


def picture(width=64, height=48, mode="RGB"):
    """Left half red, right half blue, the top left corner green."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    image.paste((30, 200, 30), (0, 0, width // 4, height // 4))
    return image.convert(mode)


def noise(width, height, bands=3):
    values = np.random.default_rng(1).integers(0, 256, (height, width, bands), dtype=np.uint8)
    return Image.fromarray(values)


def saved(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(photo):
    image = Image.open(io.BytesIO(photo.jpeg))
    image.load()
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (photo.width, photo.height))
    return image


def near(image, at, colour, within=20):
    assert np.abs(np.array(image.getpixel(at)) - colour).max() <= within, (image.getpixel(at), colour)


def segments(jpeg):
    """The markers of a JPEG before its first scan."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def refused(data, message):
    with pytest.raises(RequestError) as caught:
        reencoded(data)
    assert str(caught.value) == message


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def exif(orientation=1):
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = tags[0x0110] = SECRET.decode()
    tags[0x9286] = SECRET.decode()
    place = tags.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (50.0, 41.0, 59.5), "W", (1.0, 18.0, 0.0)
    place[29] = SECRET.decode()
    return tags
