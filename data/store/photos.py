"""A photo as it is stored: checked before it is decoded, rebuilt from its pixels alone, and small."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from geo.errors import RequestError

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
MOST_SCANS = 100
"""A progressive JPEG has about ten; each costs time, however few bytes it takes."""

TOO_LARGE = "This photo is larger than 8 MB. Please choose a smaller one."
NO_PHOTO = "This file is no photo. Please choose a JPEG, PNG or WebP picture."
TOO_MANY_PIXELS = "This photo is too large (more than 40 million pixels). Please choose a smaller one."
BROKEN = "This photo is damaged or not complete. Please choose another one."

_KINDS: tuple[tuple[re.Pattern[bytes], type[ImageFile]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), JpegImageFile),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PngImageFile),
    (re.compile(rb"RIFF.{4}WEBPVP8[ LX]", re.DOTALL), WebPImageFile),
)
_FAULTS = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, struct.error, MemoryError)
"""What Pillow raises for a file that is not as it should be; its makers promise no single kind."""

_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
_QUALITIES = (85, 75, 65, 55, 45)
_ONE_AT_A_TIME = Lock()
"""However many send one, memory is that of one: 0.1 GB for a phone's photo, 0.6 GB for the worst that is taken."""


@dataclass(frozen=True)
class Photo:
    """A photo that may be kept.

    Parameters
    ----------
    jpeg
        Progressive JPEG in sRGB without any metadata.
    width, height
        Pixels.
    """

    jpeg: bytes
    width: int
    height: int


def reencoded(data: bytes, *, longest_px: int = 1_600, most_bytes: int = 400_000) -> Photo:
    """Make a photo again: upright, in sRGB, over white, shrunk, without place, camera, comment or thumbnail.

    The kind is told by content, never by name. Of an animation or a burst the first picture is taken.

    Parameters
    ----------
    data
        JPEG, PNG or WebP of at most 8 MB and 40 million pixels.
    longest_px
        Longer side of the result at most.
    most_bytes
        Size of the result: quality is lowered until it fits, then the picture.

    Raises
    ------
    RequestError
        It is too large, something else, or damaged; the message is one of `TOO_LARGE`, `NO_PHOTO`, `TOO_MANY_PIXELS`,
        `BROKEN`.
    """
    if len(data) > MOST_BYTES:
        raise RequestError(TOO_LARGE)
    opener = next((opener for start, opener in _KINDS if start.match(data)), None)
    if opener is None:
        raise RequestError(NO_PHOTO)
    # Before Pillow sees it: WebP's decoder makes room for the whole picture as soon as it is opened.
    if opener is WebPImageFile:
        _require_few_pixels(*_size_of_webp(data))
    if opener is JpegImageFile and _scans(data) > MOST_SCANS:
        raise RequestError(BROKEN)
    with _ONE_AT_A_TIME:
        try:
            # Not by Image.open: it looks for many more kinds, and warns of large ones instead of refusing them.
            with opener(BytesIO(data)) as image:
                _require_few_pixels(*image.size)
                picture = _pixels(image, longest_px)
        except RequestError:
            raise
        except _FAULTS as fault:
            raise RequestError(BROKEN) from fault
        return _encoded(picture, most_bytes)


def _require_few_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise RequestError(TOO_MANY_PIXELS)


def _size_of_webp(data: bytes) -> tuple[int, int]:
    """Width and height that a WebP's first chunk declares."""
    head = data[12:30].ljust(18, b"\0")
    if head.startswith(b"VP8X"):
        return int.from_bytes(head[12:15], "little") + 1, int.from_bytes(head[15:18], "little") + 1
    if head.startswith(b"VP8L"):
        bits = int.from_bytes(head[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 14)
    return width & 0x3FFF, height & 0x3FFF


def _scans(data: bytes) -> int:
    """How often a JPEG goes over its picture, up to its end."""
    at, scans = 2, 0
    while found := _MARKER.search(data, at):
        at = found.end()
        if found[1] == b"\xd9":
            break
        scans += found[1] == b"\xda"
        if found[1] != b"\xd8" and found[1] != b"\x01":
            at += int.from_bytes(data[at : at + 2], "big")
    return scans


def _pixels(image: ImageFile, longest_px: int) -> Image.Image:
    """The first picture, small and upright, as RGB over white; nothing else of the file is left."""
    scale = min(1.0, longest_px / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    image.draft(None, (2 * size[0], 2 * size[1]))  # a JPEG need not be unpacked larger than that
    image.load()
    profile, orientation = image.info.get("icc_profile"), _orientation(image)
    clear = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    picture: Image.Image = image
    if image.mode.startswith("I;16"):
        picture = image.point(lambda value: value * (1 / 256)).convert("L")
    elif clear and image.mode != "RGBA":
        picture = image.convert("RGBA")
    elif not clear and image.mode not in _SPACES:
        picture = image.convert("RGB")
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.mode == "RGBA":
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    picture = _in_srgb(picture, profile)
    if orientation in _TURNS:
        picture = picture.transpose(_TURNS[orientation])
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return bare


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """The picture as RGB: by its colour profile if it has one that fits, otherwise as it is."""
    if isinstance(profile, bytes) and profile:
        try:
            said = ImageCms.ImageCmsProfile(BytesIO(profile))
            if said.profile.xcolor_space.strip() == _SPACES[picture.mode]:
                found = ImageCms.profileToProfile(picture, said, ImageCms.createProfile("sRGB"), outputMode="RGB")
                return picture.convert("RGB") if found is None else found
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that nothing can read says nothing
    return picture.convert("RGB")


def _orientation(image: Image.Image) -> int:
    """Which way up the camera was (EXIF), 1 to 8; 1 where nothing readable says so."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (OSError, SyntaxError, TypeError, ValueError, UserWarning, struct.error):  # where warnings are errors, too
        return 1


def _encoded(picture: Image.Image, most_bytes: int) -> Photo:
    while True:
        for quality in _QUALITIES:
            file = BytesIO()
            picture.save(file, "JPEG", quality=quality, progressive=True, optimize=True)
            if file.tell() <= most_bytes:
                return Photo(file.getvalue(), *picture.size)
        if max(picture.size) == 1:
            message = f"A photo cannot be as small as {most_bytes} bytes."
            raise RequestError(message)
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))
