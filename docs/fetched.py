"""How a program gets the sources: the lines of each source and the section on what is kept, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.fetch.hosts import HOSTS
from data.services.means import MEANS, hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.services.means import Means, Way

_BEGINS = """\
## What is kept of what is fetched

`cli.py fetch` asks the public services and keeps what they answer in the folder that `PRAMSHED_FETCHED` names. What is
kept for one question has a folder of its own there, `SOURCE/KEY/`: the key of the source, and 16 digits made of the
question. `gathered/` has the tables made of the answers, as `cli.py build` reads them.
"""

_KEPT = {
    "the file, as its publisher calls it": "put there in one step, when it is whole and what was wanted. Most are used "
    "without asking for a day, those with their date in their name for ever; then the service is asked for changes",
    "`receipt.json`": "the address without anything secret, when the service gave or confirmed the file (UTC), the "
    "status, bytes, SHA-256, edition, and the service's own name of this state",
    "`part.` and its name": "what had arrived when the connection was cut or the program killed; the next run goes on "
    "from there, by the note beside it",
    "`.lock`": "held by whoever fetches the file, so that two runs share one answer",
}

_ENDS = """\
`.turns/` says when each host was last asked: one request at a time, with a pause between two. If a service fails, the
older copy stays in use and its day is named. Nothing is lost with the folder but the time to fetch it again.

**Another address for a host.** `PRAMSHED_MIRRORS='{"api.os.uk": "http://localhost:8080/os"}'` asks the mirror for
everything that the catalogue has on that host, with the same path behind it. A service may send one on only to a host
of the table below or of a mirror.

**A network of its own.** The proxy is that of `HTTPS_PROXY` and `NO_PROXY`, or `PRAMSHED_PROXY`. A file of the
certificates that the network signs with is `PRAMSHED_CERTIFICATES`. `PRAMSHED_CONTACT` is told to the services with
every question.

**What services really answer.** `cli.py fetch AUTHORITY --record FOLDER` notes there the status, headers and first 2 kB
of each answer, without secrets and without lists that name people: from these the services of the tests are made.
"""


def of_source(key: str) -> Iterator[str]:
    """What stands of one source: whom a program asks, in order, and what it looks at."""
    means = MEANS[key]
    if means is MEANS["streets"] and key != "streets":
        yield "- fetched: with `streets`"
    elif means.wanted:
        yield f"- fetched: {'; '.join(f'{what}: {_ways(ways)}' for what, ways in means.wanted.items())}"
        yield f"- looked at: {'; '.join(_looked_at(means))}"
    else:
        yield "- fetched: by a person"
    if not means.public:
        yield "- figures: the council's own; it says who may see them"


def _ways(ways: tuple[Way, ...]) -> str:
    """Each way, with whose it is where that changes."""
    said, before = [], ""
    for way in ways:
        whose = HOSTS[way.host].called
        said.append(way.called if whose == before else f"{way.called} ({whose})")
        before = whose
    return ", else ".join(said)


def _looked_at(means: Means) -> Iterator[str]:
    yield means.first
    if means.columns:
        yield "columns " + ", ".join(f"`{column}`" for column in means.columns)
    if means.checks:
        yield means.checks


def section() -> str:
    """The section on what is kept, and the hosts."""
    kept = ["| in it | what it is |", "| --- | --- |", *(f"| {name} | {what} |" for name, what in _KEPT.items())]
    asked = ["| host | what it is | seconds between two requests | asked for |", "| --- | --- | --- | --- |", *_hosts()]
    return "\n".join([_BEGINS, *kept, "", _ENDS, *asked, ""])


def _hosts() -> Iterator[str]:
    for host, about in HOSTS.items():
        keys = [
            f"`{key}`"
            for key in MEANS
            if host in hosts([key]) and (key == "streets" or MEANS[key] is not MEANS["streets"])
        ]
        if keys or about.sent_on_by:
            wanted = ", ".join(keys) or f"where `{about.sent_on_by}` sends one on to"
            yield f"| `{host}` | {about.called} | {about.pace:g} | {wanted} |"
