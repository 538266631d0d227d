"""A photo is made anew or refused: nothing of the file but its pixels is kept, and no small file costs much."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from data.store import photos
from data.store.photos import BROKEN, MOST_BYTES, NO_PHOTO, TOO_LARGE, TOO_MANY_PIXELS, reencoded
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


def exif(orientation=1):
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = tags[0x0110] = SECRET.decode()
    tags[0x9286] = SECRET.decode()
    place = tags.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (50.0, 41.0, 59.5), "W", (1.0, 18.0, 0.0)
    place[29] = SECRET.decode()
    return tags


def test_nothing_is_left_but_pixels():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    files = [
        saved(picture(), "JPEG", exif=exif(), comment=SECRET, xmp=SECRET, icc_profile=profile, dpi=(300, 300)),
        saved(picture(), "PNG", exif=exif(), pnginfo=text, icc_profile=profile),
        saved(picture(), "WEBP", exif=exif(), xmp=SECRET, icc_profile=profile),
        saved(picture(), "JPEG") + b"PK\x03\x04" + SECRET,
    ]
    for file in files:
        assert SECRET in file or b"iTXt" in file
        photo = reencoded(file)
        for word in (SECRET, b"Exif", b"GPS", b"adobe", b"xap", b"ICC_PROFILE", b"PK\x03\x04", b"MM\x00*", b"II*\x00"):
            assert word not in photo.jpeg
        assert set(segments(photo.jpeg)) <= {0xE0, 0xDB, 0xC2, 0xC4}  # JFIF, tables, progressive frame
        again = opened(photo)
        assert not again.getexif()
        assert set(again.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "dpi",
            "progressive",
            "progression",
        }
        assert again.info.get("dpi", (1, 1)) in ((1, 1), (72, 72))
        near(again, (60, 40), (30, 30, 200))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_upright(kind, orientation):
    turned = picture()
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each: Image.Transpose
    if orientation in back:
        turned = turned.transpose(Image.Transpose(back[orientation]))
    photo = reencoded(saved(turned, kind, exif=exif(orientation)))
    assert (photo.width, photo.height) == (64, 48)
    image = opened(photo)
    near(image, (5, 5), (30, 200, 30), 60)
    near(image, (10, 40), (200, 30, 30), 60)
    near(image, (60, 40), (30, 30, 200), 60)


def test_kinds_are_told_by_content():
    for kind in ("JPEG", "PNG", "WEBP"):
        near(opened(reencoded(saved(picture(), kind))), (60, 40), (30, 30, 200))


def _zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", saved(picture()))
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
     saved(picture(), "GIF"), saved(picture(), "BMP"), saved(picture(), "TIFF"), saved(picture(), "ICO"), _zip(),
     saved(picture(), "PDF"), b"%!PS-Adobe-3.0 EPSF-3.0\n", b"MZ\x90\0", b"\0\0\0\x18ftypheic" + b"\0" * 90,
     b"RIFF\x10\0\0\0WAVEfmt ", b"\xff\xd8", b"/* XPM */", b"8BPS\0\x01"],
    ids=["nothing", "html", "svg", "gif", "bmp", "tiff", "ico", "zip", "pdf", "eps", "exe", "heic", "wav", "two bytes", "xpm", "psd"],
)  # fmt: skip
def test_what_is_no_photo(data):
    refused(data, NO_PHOTO)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_short(kind):
    whole = saved(noise(200, 150), kind)
    for share in (0.02, 0.3, 0.6, 0.95):
        refused(whole[: max(13, int(len(whole) * share))], BROKEN if len(whole) * share > 16 else NO_PHOTO)


def test_too_many_bytes():
    refused(saved(picture()) + b"\0" * MOST_BYTES, TOO_LARGE)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width, height):
    packer = zlib.compressobj(9)
    row = b"\0" * (width * 3 + 1)
    zeros = b"".join(packer.compress(row) for _ in range(min(height, 500))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")


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


LARGEST = {
    "jpeg": lambda: saved(Image.new("RGB", (8_000, 5_000))),
    "png": lambda: saved(Image.new("RGBA", (8_000, 5_000), (9, 9, 9, 9)), "PNG", compress_level=1),
    "webp": lambda: saved(Image.new("RGB", (8_000, 5_000)), "WEBP", method=0),
}


@pytest.mark.parametrize(("kind", "most"), [("jpeg", 150), ("png", 600), ("webp", 750)])
def test_the_largest_that_is_taken_fits_in_memory(kind, most):
    width, megabytes = measured(LARGEST[kind]())
    assert width == 1_600
    assert megabytes < most


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


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


def test_colours():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    near(opened(reencoded(saved(picture(), "JPEG", icc_profile=profile))), (60, 40), (30, 30, 200))
    near(opened(reencoded(saved(picture(), "JPEG", icc_profile=b"no profile"))), (60, 40), (30, 30, 200))
    near(opened(reencoded(saved(picture(mode="L"), "JPEG", icc_profile=profile))), (60, 40), (49, 49, 49))
    near(opened(reencoded(saved(picture(mode="CMYK"), "JPEG", icc_profile=profile))), (60, 40), (30, 30, 200))
    near(opened(reencoded(saved(picture(mode="CMYK"), "JPEG"))), (60, 40), (30, 30, 200))


def test_another_colour_space_becomes_srgb():
    """A profile whose red and blue are exchanged: the pixels must be moved to sRGB before it is dropped."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    image = opened(reencoded(saved(picture(), "PNG", icc_profile=bytes(profile))))
    near(image, (60, 40), (200, 30, 30), 30)
    near(image, (10, 40), (30, 30, 200), 30)


def test_sixteen_bits():
    ramp = np.linspace(0, 65_535, 256 * 64).reshape(64, 256).astype(np.uint16)
    image = opened(reencoded(saved(Image.fromarray(ramp), "PNG")))
    near(image, (0, 0), (0, 0, 0))
    near(image, (128, 32), (128, 128, 128))
    near(image, (255, 63), (255, 255, 255))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1"])
def test_over_white(mode):
    image = picture(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 16, 12))
    if mode == "P":
        image = image.quantize(16)
    elif mode == "1":
        image = Image.new("1", (64, 48))
    else:
        image = image.convert(mode)
    options = {"transparency": 0} if mode == "1" else {}
    photo = opened(reencoded(saved(image, "PNG", **options)))
    near(photo, (4, 4), (255, 255, 255), 40)
    if mode != "1":
        assert photo.getpixel((60, 40))[0] < 120


@pytest.mark.parametrize(("mode", "options"), [("RGB", {"transparency": (200, 30, 30)}), ("L", {"transparency": 81})])
def test_a_colour_that_stands_for_nothing(mode, options):
    near(opened(reencoded(saved(picture(mode=mode), "PNG", **options))), (10, 40), (255, 255, 255), 40)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_an_animation_is_its_first_picture(kind):
    film = saved(picture(), kind, save_all=True, append_images=[Image.new("RGB", (64, 48), "white")] * 9)
    near(opened(reencoded(film)), (60, 40), (30, 30, 200))


def test_a_burst_is_its_first_picture():
    burst = saved(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48), "white")])
    near(opened(reencoded(burst)), (60, 40), (30, 30, 200))


def test_size():
    photo = reencoded(saved(noise(2_400, 1_800), "JPEG", quality=60))
    assert len(photo.jpeg) <= 400_000
    assert photo.width > photo.height > 600
    assert opened(reencoded(saved(picture(3_000, 1_000)))).size == (1_600, 533)
    assert opened(reencoded(saved(picture(3_000, 4_000)), longest_px=400)).size == (300, 400)
    assert opened(reencoded(saved(picture(30, 20)))).size == (30, 20)
    assert opened(reencoded(saved(picture(1, 1)))).size == (1, 1)
    assert opened(reencoded(saved(picture(20_000, 1), "PNG"))).size == (1_600, 1)
    assert len(reencoded(saved(noise(400, 400)), most_bytes=5_000).jpeg) <= 5_000
    with pytest.raises(RequestError, match="as small as 9 bytes"):
        reencoded(saved(picture()), most_bytes=9)


def test_the_same_photo_gives_the_same_bytes():
    assert reencoded(saved(picture())) == reencoded(saved(picture()))


@pytest.mark.parametrize(
    ("tiff", "expected"),
    [(b"", 1), (b"II*\0", 1), (b"II*\0\xff\xff\xff\xff", 1), (b"II*\0\x08\0\0\0\xff\xff" + b"\0" * 99, 1),
     (b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 6), (None, 1)],
)  # fmt: skip
def test_orientation(tiff, expected):
    image = Image.new("RGB", (2, 2))
    if tiff is not None:
        image.info["exif"] = b"Exif\0\0" + tiff
    assert photos._orientation(image) == expected


@given(st.binary(max_size=400))
@example(b"\xff\xd8\xff")
@example(b"RIFF\0\0\0\0WEBPVP8 ")
def test_any_bytes_are_refused(data):
    starts = (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", b"RIFF\0\0\0\0WEBPVP8X")
    for start in starts:
        with pytest.raises(RequestError):
            reencoded(start + data)


WHOLE = [saved(picture(), kind, exif=exif(6)) for kind in ("JPEG", "PNG", "WEBP")]
WHOLE += [
    saved(picture(mode="P"), "PNG"),
    saved(picture(), "JPEG", progressive=True),
    saved(picture(), "WEBP", lossless=True),
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@given(which=st.integers(0, len(WHOLE) - 1), seed=st.integers(0, 2**32), times=st.integers(1, 20), cut=st.booleans())
def test_a_spoiled_photo_is_a_photo_or_refused(which, seed, times, cut):
    chance = random.Random(seed)
    data = bytearray(WHOLE[which])
    for _ in range(times):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if cut:
        data = data[: chance.randrange(len(data))]
    try:
        photo = reencoded(bytes(data))
    except RequestError:
        return
    assert segments(photo.jpeg)
    assert SECRET not in photo.jpeg
