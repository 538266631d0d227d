"""The commands and their options as Markdown, from the Typer application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

import cli

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands(known: dict[str, Any] | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its full name, those of a group of commands too.

    Parameters
    ----------
    known
        Commands by name; all of them if none are given.
    before
        The name of their group, with a space after it.
    """
    for name, command in (known or typer.main.get_command(cli.app).commands).items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from commands(command.commands, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def options_of(command: Any) -> list[str]:  # noqa: ANN401 (what Typer makes of a function)
    """The long options of a command."""
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    every = [option for parameter in shown for option in (*parameter.opts, *parameter.secondary_opts)]
    return [option for option in every if option.startswith("--")]


def section() -> str:
    """A heading, a sentence and a table of options for each command."""
    return "\n".join(line for name, command in commands() for line in _command(name, command))


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401
    arguments = [parameter for parameter in command.params if not parameter.opts[0].startswith("-")]
    options = [one for one in command.params if one.opts[0].startswith("-") and not one.hidden]
    yield f"### `cli.py {' '.join((name, *(parameter.metavar or parameter.name.upper() for parameter in arguments)))}`"
    yield ""
    yield command.help
    yield ""
    if not options:
        return
    yield "| option | default | meaning |"
    yield "| --- | --- | --- |"
    yield from map(_option, options)
    yield ""


def _option(option: Any) -> str:  # noqa: ANN401
    names = " / ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    default = "required" if option.required else f"`{option.default}`" if option.default else ""
    within = [f"at least {option.min}"] if option.min is not None else []
    within += [f"at most {option.max}"] if option.max is not None else []
    within += ["repeatable"] if option.multiple and "repeat" not in (option.help or "") else []
    return f"| {names} | {default} | {' '.join(filter(None, (option.help, _bracketed(within)))).replace('|', ' ')} |"


def _bracketed(remarks: list[str]) -> str:
    return f"({', '.join(remarks)})" if remarks else ""
