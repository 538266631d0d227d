"""A page of HTML as a tree, for tests that read it as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input"}


@dataclass
class Node:
    tag: str
    attrs: dict[str, str | None] = field(default_factory=dict)
    children: list = field(default_factory=list)

    @property
    def text(self) -> str:
        """As a reader sees it: without the white space of the file."""
        return " ".join("".join(self._strings()).split())

    def _strings(self):
        for child in self.children:
            yield from [child] if isinstance(child, str) else child._strings()

    def all(self, *tags: str) -> list[Node]:
        """Those inside it, in their order."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child] * (not tags or child.tag in tags) + child.all(*tags)
        return found

    def one(self, id_: str) -> Node:
        (found,) = [node for node in self.all() if node.attrs.get("id") == id_]
        return found


class Tree(HTMLParser):
    """Elements in elements; fails where one is closed that is not open."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("document")]
        self.feed(page.decode("utf-8"))
        self.close()
        assert len(self.open) == 1, self.open[-1].tag

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), "an attribute twice"
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        self.open[-1].children.append(data)


def read(page: bytes) -> Node:
    return Tree(page).open[0]
