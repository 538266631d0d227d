"""docs/by-hand.md: what its lines print, with tables that the commands write."""

import io
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import cli

pytestmark = pytest.mark.program  # seventeen commands, one after the other
PAGE = Path(__file__).parents[1] / "docs" / "by-hand.md"
BLOCKS = re.findall(r"```(sh|python|text)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def run(command):
    """A command of this project, in this process; what it says."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said):
        patch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as end:
            cli.main()
    assert not end.value.code, said.getvalue()
    return said.getvalue()


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """Each block that prints, with what it printed and what the page shows; and what the commands said."""
    known, shown, said = {}, [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("by-hand"))
        patch.setenv("PRAMSHED_PLACES", "nowhere")
        for kind, text in BLOCKS:
            if kind == "sh":
                said += [run(command) for command in text.splitlines()]
            elif kind == "python":
                out = io.StringIO()
                with redirect_stdout(out):
                    exec(compile(text, PAGE.name, "exec"), known)
                if out.getvalue():
                    shown.append([out.getvalue(), None])
            else:
                shown[-1][1] = text
    return shown, "\n".join(said)


def test_the_page_prints_what_it_shows(worked):
    assert all(printed == page for printed, page in worked[0]), "\n\n".join(printed for printed, _ in worked[0])


def test_both_agree(worked):
    """To three digits, as the tables are rounded."""
    pairs = re.findall(r": (\S+) by hand, (\S+) in the table", "".join(printed for printed, _ in worked[0]))
    assert len(pairs) > 20
    assert [float(hand) for hand, _ in pairs] == pytest.approx([float(table) for _, table in pairs], rel=2e-3)


def test_what_the_commands_say(worked):
    sentences = re.findall(r'(?:says|and)\s"(.*?)"', PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(sentences) > 4
    assert all(" ".join(sentence.split()) in worked[1] for sentence in sentences)
