"""The command line of the community's marks: for whoever runs the machine, with every right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from geo.days import day_text
from layers.commands.deployment import find_place, open_store, setting

if TYPE_CHECKING:
    from data.store.marks import Mark
    from data.store.people import Person

MarkId = Annotated[str, typer.Argument(metavar="MARK", help="A mark's id, from `marks list`.")]
Reason = Annotated[str, typer.Option(help="The reason, which the contributor will read.")]
GroupId = Annotated[int, typer.Argument(metavar="GROUP", help="A group's number, from `marks group list`.")]
OneGroup = Annotated[int | None, typer.Option("--group", help="A group's number.")]


def marks_app() -> typer.Typer:
    """The commands of the marks."""
    app = typer.Typer(no_args_is_help=True, help="The community's marks: list, decide, import, export, who moderates.")
    _deciding(app)
    _trading(app)
    _keeping(app)
    app.add_typer(_groups(), name="group")
    app.add_typer(_links(), name="link")
    app.add_typer(_people(), name="moderator")
    return app


def _operator() -> Person:
    from data.store.people import OPERATOR

    return OPERATOR


def _deciding(app: typer.Typer) -> None:
    @app.command("list")
    def list_marks(
        place: Annotated[str | None, typer.Argument(metavar="PLACE", help="Only marks of this place.")] = None,
        status: Annotated[
            str, typer.Option(help="waiting, approved, rejected, withdrawn, merged or lapsed.")
        ] = "waiting",
    ) -> None:
        """The marks of a status, the oldest first, as CSV; private fields are not among them."""
        from layers.files.tables import csv_text

        found = open_store().desk.queue(_operator(), place, status=status)
        rows = [
            {
                "mark_id": mark.id, "place": mark.draft.place, "status": mark.status, "version": mark.version,
                "kind": mark.draft.kind, "name": mark.draft.name, "group": mark.group or "",
                "created": mark.created.date(), "warnings": "; ".join(mark.warnings),
            } for mark in found
        ]  # fmt: skip
        columns = ["mark_id", "place", "status", "version", "kind", "name", "group", "created", "warnings"]
        typer.echo(csv_text(pd.DataFrame(rows, columns=columns).set_index("mark_id")), nl=False)

    @app.command()
    def approve(
        mark: MarkId,
        checked: Annotated[
            bool, typer.Option("--checked", help="Confirm that what the scan found may be shown.")
        ] = False,
    ) -> None:
        """Put a mark on the map."""
        desk = open_store().desk
        version = desk.get(_operator(), mark).version
        _print_status(desk.approve(_operator(), mark, version=version, checked=checked))

    @app.command()
    def reject(mark: MarkId, reason: Reason) -> None:
        """Refuse a mark."""
        desk = open_store().desk
        _print_status(desk.reject(_operator(), mark, version=desk.get(_operator(), mark).version, reason=reason))

    @app.command()
    def withdraw(mark: MarkId, reason: Reason) -> None:
        """Take a mark off the map."""
        desk = open_store().desk
        _print_status(desk.withdraw(_operator(), mark, version=desk.get(_operator(), mark).version, reason=reason))

    @app.command()
    def restore(mark: MarkId) -> None:
        """Put a mark that was refused, taken off, merged or has lapsed back into the queue."""
        desk = open_store().desk
        _print_status(desk.restore(_operator(), mark, version=desk.get(_operator(), mark).version))

    @app.command()
    def confirm(mark: MarkId) -> None:
        """Say that a mark on the map is still there."""
        desk = open_store().desk
        _print_status(desk.confirm(_operator(), mark, version=desk.get(_operator(), mark).version))

    @app.command()
    def merge(mark: MarkId, into: Annotated[str, typer.Option(help="The mark to keep.")]) -> None:
        """Say that a mark is one with another."""
        desk = open_store().desk
        _print_status(desk.merge(_operator(), mark, version=desk.get(_operator(), mark).version, into=into))

    @app.command()
    def erase(mark: MarkId) -> None:
        """Delete a mark with all that it has been, for good."""
        open_store().desk.erase(_operator(), mark)
        typer.echo(f"{mark}: deleted")


def _print_status(mark: Mark) -> None:
    typer.echo(f"{mark.id}: {mark.status}, version {mark.version}")


def _trading(app: typer.Typer) -> None:
    @app.command("import")
    def take_in(
        place: Annotated[str, typer.Argument(metavar="PLACE", help="A name from `places`.")],
        file: Annotated[
            Path, typer.Argument(metavar="FILE", help=".geojson, .csv, .gpkg, or .json of Open Referral UK.")
        ],
        group: OneGroup = None,
    ) -> None:
        """Put marks from a file into the queue: all of them, or none if one is wrong."""
        from geo.errors import InputError
        from layers.files.marks_in import read_marks

        if not file.is_file():
            raise InputError(file, expected="a file of marks", found="no such file")
        found = read_marks(file.read_bytes(), file.name, find_place(place))
        pairs = [(one.draft, one.submission) for one in found.arrivals]
        receipts = open_store().marks.add_all(_operator(), pairs, group_id=group)
        known = sum(receipt.again for receipt in receipts)
        typer.echo(f"{len(receipts) - known:,} marks are waiting for a moderator; {known:,} were here already")
        for what, count in found.left_out.items():
            typer.echo(f"left out: {what} ({count:,})")
        if found.unread:
            typer.echo(f"columns not used: {', '.join(found.unread)}")

    @app.command()
    def export(
        place: Annotated[str, typer.Argument(metavar="PLACE", help="A name from `places`.")],
        out: Annotated[Path, typer.Option(help="FILE.geojson, .csv, .gpkg, or .json for Open Referral UK.")],
    ) -> None:
        """Write the published marks of a place; nothing private is in them."""
        from layers.files import marks_out

        card = find_place(place).card
        found = open_store().public.marks(card.key)
        terms = setting("marks_licence") or marks_out.NO_TERMS
        marks_out.write(found, out, place_name=card.name, licence=terms, attributions=card.attributions)
        typer.echo(f"{out}: {len(found):,} marks")


def _keeping(app: typer.Typer) -> None:
    @app.command()
    def tidy() -> None:
        """Forget what need not be kept any longer; the dashboard does so once a day."""
        found = open_store().tidy(_operator())
        typer.echo(
            f"{found.lapsed:,} marks went off the map, {found.unseen:,} not looked at in time were refused, "
            f"{found.blanked:,} had their private fields blanked, {found.deleted:,} were deleted"
        )

    @app.command()
    def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")]) -> None:
        """Copy the whole store, private fields too, to one file that only you can read."""
        typer.echo(f"{file}: {open_store().backup(_operator(), file):,} marks")

    @app.command("restore-backup")
    def restore_backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]) -> None:
        """Fill an empty store from a backup."""
        typer.echo(f"{open_store().restore(_operator(), file):,} marks")

    @app.command()
    def trail(
        mark: Annotated[str | None, typer.Option(help="Only of this mark.")] = None,
        limit: Annotated[int, typer.Option(min=1, help="How many lines; newest first.")] = 200,
    ) -> None:
        """What was done, by whom, as CSV."""
        from layers.files.tables import csv_text

        typer.echo(csv_text(open_store().trail.rows(_operator(), mark_id=mark, limit=limit)), nl=False)


def _groups() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Groups, whose people add marks.")

    @app.command()
    def add(
        name: Annotated[str, typer.Argument(metavar="NAME")],
        place: Annotated[str, typer.Argument(metavar="PLACE", help="A name from `places`.")],
    ) -> None:
        """Make a group of a place."""
        made = open_store().groups.create(_operator(), name=name, place=find_place(place).card.key)
        typer.echo(f"group {made.id}: {made.name}, {made.place}")

    @app.command("list")
    def list_groups() -> None:
        """All groups."""
        for group in open_store().groups.all(_operator()):
            typer.echo(f"group {group.id}: {group.name}, {group.place}{', closed' if group.closed else ''}")

    @app.command()
    def close(group: GroupId) -> None:
        """Close a group: its links open no more, its marks stay."""
        open_store().groups.close(_operator(), group)
        typer.echo(f"group {group}: closed")

    return app


def _links() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The links by which a group's people add marks.")

    @app.command()
    def add(
        group: GroupId,
        label: Annotated[str, typer.Option(help="Who the link is for.")] = "",
        days: Annotated[int, typer.Option(help="How many days it works.")] = 90,
        per_hour: Annotated[int, typer.Option(help="How many marks it may add in an hour.")] = 30,
    ) -> None:
        """Make a link; its secrets are said once, and never again."""
        made = open_store().groups.make_link(_operator(), group, label=label, days=days, per_hour=per_hour)
        typer.echo(f"link {made.link.id}, until {day_text(made.link.expires)}")
        home = setting("address").rstrip("/")
        typer.echo(f"address: {home}/mark?link={made.token}" if home else f"address: mark?link={made.token}")
        typer.echo(f"code for paper sheets: {made.code}")

    @app.command("list")
    def list_links(group: GroupId) -> None:
        """The links of a group, the newest first."""
        for link in open_store().groups.links(_operator(), group):
            state = "works" if link.works else "withdrawn" if link.revoked else "has expired"
            typer.echo(f"link {link.id}: {link.label or 'no label'}, until {day_text(link.expires)}, {state}")

    @app.command()
    def revoke(link: Annotated[int, typer.Argument(metavar="LINK")]) -> None:
        """Withdraw a link: it opens no more, also for who has it open."""
        open_store().groups.revoke(_operator(), link)
        typer.echo(f"link {link}: withdrawn")

    return app


def _people() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="Who may decide on marks, and who may let others.")

    @app.command()
    def add(
        name: Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in with.")],
        *,
        administrator: Annotated[
            bool, typer.Option("--administrator", help="May also manage groups and people.")
        ] = False,
        group: OneGroup = None,
        issuer: Annotated[str | None, typer.Option(help="The claim iss of an OpenID Connect provider.")] = None,
        subject: Annotated[str | None, typer.Option(help="The claim sub.")] = None,
    ) -> None:
        """Add a moderator, or the first administrator; asks for a passphrase, or reads it from standard input."""
        passphrase = None if subject else _passphrase()
        made = open_store().accounts.add(
            _operator(), name=name, role="administrator" if administrator else "moderator", group_id=group,
            passphrase=passphrase, issuer=issuer, subject=subject,
        )  # fmt: skip
        typer.echo(f"person {made.id}: {made.name}, {made.role}")

    @app.command("list")
    def list_people() -> None:
        """Everybody who may sign in, and who no longer may."""
        for person in open_store().accounts.all(_operator()):
            scope = f", group {person.group_id}" if person.group_id else ""
            typer.echo(f"person {person.id}: {person.name}, {person.role}{scope}")
        for person in open_store().accounts.former(_operator()):
            typer.echo(f"person {person.id}: {person.name}, disabled")

    @app.command()
    def passphrase(person: Annotated[int, typer.Argument(metavar="PERSON")]) -> None:
        """Give a person a new passphrase."""
        open_store().accounts.set_passphrase(_operator(), person, _passphrase())
        typer.echo(f"person {person}: has a new passphrase")

    @app.command()
    def unlock() -> None:
        """Forget failed tries, so that nobody has to wait after too many of them."""
        open_store().accounts.unlock(_operator())
        typer.echo("failed tries: forgotten")

    @app.command()
    def disable(person: Annotated[int, typer.Argument(metavar="PERSON")]) -> None:
        """Take all rights away from a person, at once."""
        open_store().accounts.disable(_operator(), person)
        typer.echo(f"person {person}: access removed")

    @app.command()
    def enable(person: Annotated[int, typer.Argument(metavar="PERSON")]) -> None:
        """Give a person the rights back that were taken away."""
        open_store().accounts.enable(_operator(), person)
        typer.echo(f"person {person}: access restored")

    return app


def _passphrase() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Passphrase (12 characters or more)", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
