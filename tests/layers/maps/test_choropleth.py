"""Colours, classes and legends: what falls where, what is missing, and whether everybody can tell them apart."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.gaps import ACCESS_CLASSES, NO_STREETS, Walk
from geo.need import NEED_CLASSES, SHARES
from layers.html import STATIC
from layers.maps import geometry, legends, need_and_walk, population_layers, since_layers, walk_layers, webmap
from layers.maps.choropleth import MISSING, Layer
from layers.maps.scene import GAIN_PALETTE, GAIN_WIDTHS, Marker, Shape
from layers.maps.site_markers import UNREACHED_WORDS

LAYER = Layer(
    key="test",
    title="Test",
    about="A test.",
    column="value",
    limits=(1.0, 2.0),
    palette=("#111111", "#222222", "#333333"),
    labels=("one", "two", "more"),
    show=lambda value: f"{value}",
)


def table(values, under5=None, **more):
    return pd.DataFrame(
        {"value": values, "under5": under5 or [10.0] * len(values), **more}, index=list("abcdefgh")[: len(values)]
    )


class TestClasses:
    def test_a_value_on_a_limit_belongs_below(self):
        found = LAYER.classes(table([0.0, 1.0, 1.0001, 2.0, 2.5, np.nan]))
        assert found.tolist() == [0, 0, 1, 1, 2, -1]
        assert found.index.tolist() == list("abcdef")

    def test_fills(self):
        assert LAYER.fills(table([0.5, np.nan, 9.0])).tolist() == ["#111111", MISSING, "#333333"]

    def test_legend(self):
        legend = LAYER.legend(table([0.0, 0.5, 9.0], [1.0, 2.0, np.nan]))
        assert legend["areas"].tolist() == [2, 0, 1]
        assert legend["under5"].iloc[0] == 3
        assert legend["under5"].iloc[1:].isna().all()  # nobody is counted there, which is not the same as 0
        assert "not known" not in legend["label"].tolist()

    def test_legend_of_what_is_missing(self):
        legend = LAYER.legend(table([np.nan, 0.5]))
        assert legend.iloc[-1][["fill", "label", "areas", "under5"]].tolist() == [MISSING, "not known", 1, 10]

    def test_everything_missing(self):
        assert LAYER.legend(table([np.nan, np.nan]))["areas"].tolist() == [0, 0, 0, 2]


TWO_DAYS = since_layers.layer(
    SimpleNamespace(said=("on 1 January 2015", "today"), areas=pd.DataFrame({"walk_change": [np.inf, -np.inf]})),
    "Change since 1 January 2015",
    b"",
)
ALL = [
    TWO_DAYS,
    walk_layers.walk(15),
    walk_layers.walk(5),
    walk_layers.walk(45),
    walk_layers.PRAM,
    population_layers.DEPRIVATION,
]


class TestOurLayers:
    @pytest.mark.parametrize("layer", ALL, ids=lambda layer: f"{layer.key}-{layer.limits[0]}")
    def test_one_colour_and_one_label_a_class(self, layer):
        assert len(layer.palette) == len(layer.labels) == len(layer.limits) + 1
        assert len(set(layer.palette)) == len(layer.palette)
        assert list(layer.limits) == sorted(layer.limits)

    @pytest.mark.parametrize("minutes", [5, 6, 15, 38])
    def test_the_threshold_is_where_blue_turns_orange(self, minutes):
        layer = walk_layers.walk(minutes)
        at = layer.classes(pd.DataFrame({"minutes_median": [minutes, minutes + 0.01]}))
        assert at.tolist() == [2, 3]
        red, _, blue = (int(layer.palette[2][i : i + 2], 16) for i in (1, 3, 5))
        assert blue > red
        red, _, blue = (int(layer.palette[3][i : i + 2], 16) for i in (1, 3, 5))
        assert red > blue

    def test_every_tenth_of_deprivation(self):
        found = population_layers.DEPRIVATION.classes(pd.DataFrame({"imd_decile": np.arange(1.0, 11)}))
        assert found.tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 4]

    @pytest.mark.parametrize(
        "values", [[1.0, 2.0, 3.0], [0.0] * 5, [np.nan] * 4, [7.0], [0.001, 0.002, 0.9, np.nan], list(range(1000))]
    )
    def test_limits_made_of_the_place(self, values):
        shares = ("born_outside_uk_share", *SHARES.values())
        given = pd.DataFrame(dict.fromkeys((*shares, "under5", "under2"), values), dtype=float)
        layers = population_layers.children(given) | population_layers.proxies(given)
        assert list(layers) == ["under5", "under2", "abroad", *SHARES]
        assert list(population_layers.proxies(given[["born_outside_uk_share"]])) == ["abroad"]
        for layer in layers.values():
            assert len(layer.limits) == 4
            assert list(layer.limits) == sorted(layer.limits)
            assert (layer.classes(given) == -1).sum() == given["under5"].isna().sum()
            assert len(layer.labels) == len(layer.palette) == 5
            assert "nan" not in " ".join(layer.labels)

    def test_thresholds_read_aloud(self):
        assert walk_layers.walk(15).labels[0] == "up to 5 minutes"
        assert walk_layers.walk(15).labels[-1] == "more than 30 minutes"


# --- colours -----------------------------------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
SEEN_BY = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """CIE Lab under D65."""
    xyz = TO_XYZ @ np.clip(seen @ linear(colour), 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, two: str) -> float:
    """WCAG 2.2."""
    low, high = sorted(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour) + 0.05 for colour in (one, two))
    return high / low


def test_known_colours():
    np.testing.assert_allclose(lab("#ffffff", np.eye(3)), [100, 0, 0], atol=0.01)
    np.testing.assert_allclose(lab("#ff0000", np.eye(3)), [53.24, 80.09, 67.20], atol=0.02)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("sight", SEEN_BY)
def test_the_nine_classes_are_told_apart_by_everybody(sight):
    colours = [need_and_walk.fill(need, access) for need in NEED_CLASSES for access in ACCESS_CLASSES]
    assert len(set(colours)) == 9
    for one, two in combinations(colours, 2):
        assert np.linalg.norm(lab(one, SEEN_BY[sight]) - lab(two, SEEN_BY[sight])) > 15, (one, two)


def test_the_palest_class_is_seen_as_a_street_on_land():
    (land,) = re.findall(r'land: { fill: "(#\w{6})"', (STATIC / "pramshed-ground.js").read_text("utf-8"))
    colours = [need_and_walk.fill(need, access) for need in NEED_CLASSES for access in ACCESS_CLASSES]
    assert min(contrast(colour, land) for colour in colours) > 1.4


@pytest.mark.parametrize("sight", SEEN_BY)
@pytest.mark.parametrize(
    "layer", [walk_layers.walk(15), population_layers.DEPRIVATION, TWO_DAYS], ids=lambda layer: layer.key
)
def test_neighbouring_classes_of_a_layer_are_told_apart(layer, sight):
    for one, two in zip(layer.palette, layer.palette[1:], strict=False):
        assert np.linalg.norm(lab(one, SEEN_BY[sight]) - lab(two, SEEN_BY[sight])) > 8, (one, two)


@pytest.mark.parametrize("access", ACCESS_CLASSES)
@pytest.mark.parametrize("need", NEED_CLASSES)
def test_the_legends_words_can_be_read(need, access):
    fill = need_and_walk.fill(need, access)
    assert contrast(fill, need_and_walk.ink(fill)) >= 4.5
    assert f".st-key-cell-{need}-{access} button *{{color:{need_and_walk.ink(fill)}}}" in legends.cell_style(None)


def test_what_is_not_known_has_no_class():
    assert (
        need_and_walk.fill(None, "far")
        == need_and_walk.fill("high", NO_STREETS)
        == need_and_walk.fill(float("nan"), "near")
        == MISSING
    )
    given = pd.DataFrame({"need_class": ["high", None], "access_class": ["far", "far"]}, index=["a", "b"])
    assert need_and_walk.fills(given).tolist() == [need_and_walk.fill("high", "far"), MISSING]


def test_what_near_fair_and_far_mean():
    said = [need_and_walk.class_words("high", access, Walk(minutes=15)) for access in ACCESS_CLASSES]
    assert said == ["high need, up to 10 minutes", "high need, 10 to 15 minutes", "high need, over 15 minutes"]


def test_a_square_in_words():
    assert (
        legends.cell_label("high need, over 15 minutes", 15, 1357.0, chosen=False)
        == "**High need, over 15 minutes**  \n15 areas  \n1,357 under-fives"
    )
    assert legends.cell_label("low need, far", 1, np.nan, chosen=True) == "**✓ Low need, far**  \n1 area"


def test_the_chosen_square_is_outlined():
    assert "outline" not in legends.cell_style(None)
    assert ".st-key-cell-high-far button{outline:3px solid" in legends.cell_style(("high", "far"))


def test_every_shape_has_words():
    drawn = {path.stem for path in (webmap.STATIC / "markers").glob("*.svg")}
    assert set(legends.SHAPE_WORDS) == set(get_args(Shape)) == drawn - {"unsure", "flow"}
    assert len(set(legends.SHAPE_WORDS.values())) == len(legends.SHAPE_WORDS)


# --- streets by what is gained along them; arrows; what is not certain ---------------------------------------------------


@pytest.mark.parametrize("sight", SEEN_BY)
def test_neighbouring_gains_are_told_apart(sight):
    for one, two in zip(GAIN_PALETTE, GAIN_PALETTE[1:], strict=False):
        assert np.linalg.norm(lab(one, SEEN_BY[sight]) - lab(two, SEEN_BY[sight])) > 10, (one, two)


def test_more_is_darker_and_wider():
    light = [lab(colour, np.eye(3))[0] for colour in GAIN_PALETTE]
    assert light == sorted(light, reverse=True)
    assert all(two >= one * 1.25 for one, two in zip(GAIN_WIDTHS, GAIN_WIDTHS[1:], strict=False))
    # all but the least stand out from white as WCAG asks of a picture's parts
    assert all(contrast(colour, "#ffffff") >= 3 for colour in GAIN_PALETTE[1:])
    assert contrast(GAIN_PALETTE[0], "#ffffff") >= 2


@pytest.fixture
def said(monkeypatch):
    """What the page was given to show."""
    shown = []
    monkeypatch.setattr(legends.st, "html", shown.append)
    monkeypatch.setattr(legends.st, "caption", shown.append)
    return shown


def test_gains_in_words():
    assert legends.gain_labels((10, 25, 50, 100), "under-fives") == (
        "1 to 10 under-fives",
        "11 to 25 under-fives",
        "26 to 50 under-fives",
        "51 to 100 under-fives",
        "more than 100 under-fives",
    )
    assert legends.gain_labels((1, 2, 3, 1500), "homes")[0] == "1 homes"
    assert legends.gain_labels((1, 2, 3, 1500), "homes")[3:] == ("4 to 1,500 homes", "more than 1,500 homes")
    with pytest.raises(InputError, match="4 limits"):
        legends.gain_labels((1, 2, 3), "homes")


def test_the_words_are_those_of_the_classes():
    limits = (7, 19, 40, 90)
    for value in range(1, 95):
        label = legends.gain_labels(limits, "x")[geometry.gain_classes([value], limits)[0] - 1]
        low, high = re.fullmatch(r"(?:(\d+) to |more than )(\d+) x", label).groups()
        assert int(low) <= value <= int(high) if low else value > int(high)


def test_the_legend_of_gains_shows_width_and_colour(said):
    legends.gain_legend((10, 25, 50, 100), "under <b>fives")
    assert re.findall(r"border-top:([\d.]+)px solid (#\w{6})", said[0]) == [
        (f"{width:g}", colour) for width, colour in zip(GAIN_WIDTHS, GAIN_PALETTE, strict=True)
    ]
    assert "<b>" not in said[0]


def test_the_legend_of_arrows(said):
    legends.flow_legend("from <b>there</b> to here")
    assert "&lt;b&gt;there" in said[0]
    assert "data:image/svg+xml" in said[0]


def test_the_legend_says_what_is_not_certain(said):
    sure = Marker("1", -1.0, 50.0, "open", "Ryde")
    legends.marker_legend([sure], ["centres"])
    legends.marker_legend((one for one in [sure, replace(sure, shape="shut", unsure=True)]), ["centres"])
    assert "not certain" not in said[0]
    assert "not certain on this day" in said[1]
    assert "closed in your scenario" in said[1]
    assert said[1].count("<li>") == 3
    legends.marker_legend([sure, replace(sure, unsure=True, lines=(UNREACHED_WORDS,))], ["centres"])
    assert UNREACHED_WORDS in said[2]
    assert "not certain" not in said[2]
