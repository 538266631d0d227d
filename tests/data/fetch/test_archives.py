"""Zip archives as publishers make them, and as nobody should."""

import stat
import zipfile

import pytest

from data.fetch.archives import Limits, extract, member, members, opened
from geo.errors import InputError


@pytest.fixture
def archive(tmp_path):
    """Make an archive of members by name, or by their `ZipInfo`."""

    def of(held, **how):
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in held.items():
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                for field, value in how.items():
                    setattr(info, field, value)
                made.writestr(info, content)
        return path

    return of


CODES = {
    "Data/CSV/ls.csv": b"LS1 1AA\n",
    "Data/CSV/AB.CSV": b"AB1\n",
    "Doc/Code-Point_Open_Column_Headers.csv": b"PC\n",
}


def test_members_by_their_ending_in_either_case(archive):
    with opened(archive(CODES)) as made:
        assert [one.filename for one in members(made, "data/csv/ab.csv", "LS.CSV")] == [
            "Data/CSV/AB.CSV",
            "Data/CSV/ls.csv",
        ]
        assert made.read(member(made, "_column_headers.csv")) == b"PC\n"
        for ending, found in ((".csv", "Data/CSV/AB.CSV, Data/CSV/ls.csv"), (".gpkg", "none")):
            with pytest.raises(
                InputError, match=rf"made.zip: found {found}.*; expected one member that ends in {ending}"
            ):
                member(made, ending)


def test_one_member_is_extracted(archive, tmp_path):
    (tmp_path / "out").mkdir()
    assert extract(archive(CODES), "csv/ls.csv", tmp_path / "out").read_bytes() == b"LS1 1AA\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["ls.csv"]


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:\\out.csv"])
def test_no_way_out(archive, name):
    with pytest.raises(InputError, match=r"found a way out of the folder, .*out\.csv'; expected an archive as a pub"), opened(archive({name: b"x"})):  # fmt: skip
        pass


@pytest.mark.parametrize(
    ("held", "how", "limits", "found"),
    [
        ({"a.csv": b"/etc/passwd"}, {"external_attr": (stat.S_IFLNK | 0o777) << 16}, {}, "a link, 'a.csv'"),
        ({"a.csv": bytes(2 << 20)}, {}, {}, "a bomb, 'a.csv'"),
        ({"a.csv": b"x", "b.csv": b"x"}, {}, {"members": 1}, "2; expected at most 1 members"),
        ({"a.csv": b"x" * 60, "b.csv": b"x" * 60}, {}, {"total": 100}, "120; expected at most 100 bytes"),
    ],
)
def test_what_no_publisher_makes(archive, held, how, limits, found):
    with pytest.raises(InputError, match=f"found {found}"), opened(archive(held, **how), Limits(**limits)):
        pass


def test_a_password(archive):
    path = archive({"a.csv": b"x"})
    bytes_ = bytearray(path.read_bytes())
    bytes_[bytes_.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes_)
    with pytest.raises(InputError, match=r"found a password, 'a.csv'"), opened(path):
        pass


def test_damaged_or_none(archive, tmp_path):
    path = archive({"a.csv": b"text that is long enough " * 9})
    whole = path.read_bytes()
    for content in (b"<!DOCTYPE html>", b"", whole[:-30]):
        path.write_bytes(content)
        with (
            pytest.raises(InputError, match="found something else, or a part of one; expected a whole zip"),
            opened(path),
        ):
            pass
    path.write_bytes(whole[:40] + b"\xff\xff\xff" + whole[43:])
    with pytest.raises(InputError, match="found a damaged one"):
        extract(path, "a.csv", tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["made.zip"]
    with pytest.raises(InputError, match="found no such file"), opened(tmp_path / "none.zip"):
        pass


def test_a_member_that_lies_about_its_size(archive):
    path = archive({"a.csv": bytes(5_000)})
    content = path.read_bytes().replace((5_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(InputError, match="found a damaged one"), opened(path) as made:
        made.read("a.csv")
