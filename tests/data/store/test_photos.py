"""A photo is made anew or refused: nothing of the file but its pixels is kept, and no small file costs much."""

from __future__ import annotations

import io
import random
import zipfile

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from data.store import photos
from data.store.photos import BROKEN, NO_PHOTO, reencoded
from geo.errors import RequestError
from tests.data.store.pictures import SECRET, exif, near, noise, opened, picture, refused, saved, segments


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
