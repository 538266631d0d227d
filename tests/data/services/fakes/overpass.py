"""Overpass as it answers: a small reader of its language over an extract, and its ways of saying no."""

from __future__ import annotations

import json
import re

import numpy as np
import osmium
import shapely

from tests.servers.scripted import Answer

MAIN = "https://overpass-api.de/api/interpreter"

_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
<head>
  <meta http-equiv="content-type" content="text/html; charset=utf-8" lang="en"/>
  <title>OSM3S Response</title>
</head>
<body>

<p>The data included in this document is from www.openstreetmap.org. The data is made available under ODbL.</p>
<p><strong style="color:#FF0000">Error</strong>: {} </p>

</body>
</html>
"""
_DISPATCHER = "runtime error: open64: 0 Success /osm3s_v0.7.54_osm_base Dispatcher_Client::request_read_and_idx::"


def page(words, status):
    return Answer(_PAGE.format(words).encode(), status=status, kind="text/html; charset=utf-8")


TOO_OFTEN = page(f"{_DISPATCHER}rate_limited. Please check /api/status for the quota of your IP address.", 429)
TOO_BUSY = page(f"{_DISPATCHER}timeout. The server is probably too busy to handle your request.", 504)
TOO_BUSY_200 = page(f"{_DISPATCHER}timeout. The server is probably too busy to handle your request.", 200)
TIMED_OUT = 'runtime error: Query timed out in "query" at line 4 after 2 seconds.'
NO_MEMORY = 'runtime error: Query run out of memory in "recurse" at line 1 using about 541 MB of RAM.'
STATUS = """Connected as: 0123456789
Current time: 2026-01-30T22:13:27Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""


class ParseError(Exception):
    """A question that cannot be read."""


class Overpass:
    """Answers from an extract; to be given to `tests.servers.scripted.Service.on`.

    Parameters
    ----------
    path
        The extract.
    stamp
        The moment up to which it knows OpenStreetMap.
    most
        Elements beyond which it runs out of memory and gives a part.
    remark
        What it says then.
    """

    def __init__(self, path, *, stamp="2026-01-30T06:00:00Z", most=None, remark=NO_MEMORY):
        self.stamp, self.most, self.remark = stamp, most, remark
        self._all = {"node": {}, "way": {}, "relation": {}}
        places = {}
        for one in osmium.FileProcessor(str(path)):
            tags = {tag.k: tag.v for tag in one.tags}
            said = {"id": one.id} | ({"tags": tags} if tags else {})
            if one.is_node():
                places[one.id] = (round(one.lon, 7), round(one.lat, 7))
                self._all["node"][one.id] = said | {"lat": places[one.id][1], "lon": places[one.id][0]}
            elif one.is_way():
                self._all["way"][one.id] = said | {"nodes": [node.ref for node in one.nodes]}
            else:
                kinds = {"n": "node", "w": "way", "r": "relation"}
                members = [{"type": kinds[m.type], "ref": m.ref, "role": m.role} for m in one.members]
                self._all["relation"][one.id] = said | {"members": members}
        self._shapes = {"node": list(map(shapely.Point, places.values())), "way": []}
        for way in self._all["way"].values():
            there = [places[node] for node in way["nodes"] if node in places]
            self._shapes["way"].append(shapely.LineString(there) if len(there) > 1 else shapely.MultiPoint(there))
        self._trees = {kind: shapely.STRtree(shapes) for kind, shapes in self._shapes.items()}
        self._met = {}
        self._tags = {
            kind: {one: said["tags"] for one, said in known.items() if "tags" in said}
            for kind, known in self._all.items()
        }
        self._bare = {kind: set(known) - set(self._tags[kind]) for kind, known in self._all.items()}
        self._ids = {kind: np.array(list(self._all[kind]), np.int64) for kind in self._shapes}

    def __call__(self, asked):
        agent = asked.headers.get("user-agent", "")
        if not agent or agent.startswith(("python-", "curl", "Wget", "Java")) or "(" not in agent:
            return Answer(b"Not Acceptable", status=406, kind="text/html")
        try:
            found = _Reading(self, asked["data"]).found
        except ParseError as fault:
            return page(f"line 1: parse error: {fault}", 400)
        elements = [
            {"type": kind} | self._all[kind][one]
            for kind in ("node", "way", "relation")
            for one in sorted(found[kind], key=lambda number: (number % 7, -number))  # by no order that one could use
        ]
        whole = {
            "version": 0.6,
            "generator": "Overpass API 0.7.62.1 084b4234",
            "osm3s": {"timestamp_osm_base": self.stamp, "copyright": "The data included in this document is from .."},
            "elements": elements,
        }
        if self.most is not None and len(elements) > self.most:
            whole |= {"elements": elements[: self.most], "remark": self.remark}
        return Answer(json.dumps(whole, indent=1).encode(), kind="application/json")

    def bearing(self, kind, filters):
        """Ids of the elements of a kind that pass the filters."""
        bare = self._bare[kind] if all(passes({}) for passes in filters) else set()
        return bare | {one for one, tags in self._tags[kind].items() if all(passes(tags) for passes in filters)}

    def within(self, kind, ids, shape):
        """Those of them that meet a shape; a relation does where a member does."""
        if shape.wkb not in self._met:
            self._met[shape.wkb] = {
                one: set(self._ids[one][tree.query(shape, predicate="intersects")].tolist())
                for one, tree in self._trees.items()
            }
        met = self._met[shape.wkb]
        if kind != "relation":
            return ids & met[kind]
        return {
            one
            for one in ids
            if any(member["ref"] in met.get(member["type"], ()) for member in self._all["relation"][one]["members"])
        }

    def below(self, found):
        """Nodes of ways, ways and nodes of relations, nodes of those ways."""
        members = [member for one in found["relation"] for member in self._all["relation"][one]["members"]]
        ways = {m["ref"] for m in members if m["type"] == "way"} & set(self._all["way"])
        nodes = {m["ref"] for m in members if m["type"] == "node"}
        nodes |= {node for way in ways | found["way"] for node in self._all["way"][way]["nodes"]}
        return {"node": nodes & set(self._all["node"]), "way": ways, "relation": set()}


_FILTER = re.compile(r'\[(!?)"([^"]+)"(?:(!?[=~])"([^"]*)")?\]')
_STATEMENT = re.compile(r"(node|way|rel|relation|nwr)((?:\[[^\]]*\])*)\(((?:poly:)?)([^)]*)\)")
_KINDS = {"nwr": ("node", "way", "relation"), "rel": ("relation",)}


class _Reading:
    """A question read as Overpass reads it: ``>`` looks below what the statement before it found."""

    def __init__(self, overpass, text):
        self._overpass, self._text, self._at = overpass, text, 0
        self._now = self.found = _nothing()
        if not re.match(r"(\[\w+:[^\]]+\])+;", text):
            said = "'[' expected"
            raise ParseError(said)
        self._at = text.index(";") + 1
        while self._at < len(text):
            self._now = self._statement()

    def _statement(self):
        text, at = self._text, self._at
        if text.startswith("(", at):
            self._at += 1
            joined = _nothing()
            while not self._text.startswith(")", self._at):
                self._now = self._statement()
                joined = {kind: joined[kind] | self._now[kind] for kind in joined}
            self._at += 1
            found = joined
        elif text.startswith("._", at):
            self._at, found = at + 2, self._now
        elif text.startswith(">", at):
            self._at, found = at + 1, self._overpass.below(self._now)
        elif said := re.compile(r"out[ \w]*").match(text, at):
            self._at, found = said.end(), self._now
            self.found = self._now
        elif said := _STATEMENT.match(text, at):
            self._at, found = said.end(), self._query(*said.groups())
        else:
            said = f"Unknown type '{text[at : at + 8]}'"
            raise ParseError(said)
        if not text.startswith(";", self._at):
            said = f"';' expected - '{text[self._at : self._at + 8]}' found."
            raise ParseError(said)
        self._at += 1
        return found

    def _query(self, kind, filters, poly, where):
        numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", where)]
        if poly:
            shape = shapely.Polygon(np.array(numbers).reshape(-1, 2)[:, ::-1])
        else:
            south, west, north, east = numbers
            shape = shapely.box(west, south, east, north)
        tests = [_test(*one) for one in _FILTER.findall(filters)]
        if "".join(match.group() for match in _FILTER.finditer(filters)) != filters:
            said = f"']' expected - '{filters[:20]}' found."
            raise ParseError(said)
        found, shape = _nothing(), shapely.make_valid(shape)
        for one in _KINDS.get(kind, (kind,)):
            found[one] = self._overpass.within(one, self._overpass.bearing(one, tests), shape)
        return found


def _nothing():
    return {"node": set(), "way": set(), "relation": set()}


def _test(absent, key, sign, value):
    """A filter of tags; what lacks a key passes every "not"."""
    if absent:
        return lambda tags: key not in tags
    if not sign:
        return lambda tags: key in tags
    wanted = re.compile(value) if "~" in sign else re.compile(f"^{re.escape(value)}$")
    return lambda tags: (key in tags and bool(wanted.search(tags[key]))) != sign.startswith("!")
