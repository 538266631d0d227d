"""The one door to the community's data; behind it every call checks who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.store import backup as whole_store
from data.store import publishing
from data.store.accounts import Accounts, Trail
from data.store.contributions import Contributions
from data.store.database import Database
from data.store.groups import Groups
from data.store.moderation import Desk
from data.store.public import PublicMarks
from data.store.retention import Retention, Tidied, tidy
from data.store.sign_ins import SignIns

if TYPE_CHECKING:
    from pathlib import Path

    from data.store.people import Actor


@dataclass(frozen=True, eq=False)
class Store:
    """The store of marks; make one with `Store.open`. Safe to use from any thread."""

    database: Database
    retention: Retention = field(default_factory=Retention)

    @classmethod
    def open(cls, url: str, *, retention: Retention | None = None) -> Store:
        """Open a store; one that is not there yet is made, an older one is brought up to date.

        Parameters
        ----------
        url
            ``sqlite:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@HOST/NAME``.
        retention
            How long what is kept.

        Raises
        ------
        StoreError
            It cannot be reached or written, or is none of ours.
        """
        return cls(Database.connect(url, after_upgrade=publishing.rebuild), retention or Retention())

    @property
    def public(self) -> PublicMarks:
        """What anybody may see."""
        return PublicMarks(self.database)

    @property
    def marks(self) -> Contributions:
        """Adding marks."""
        return Contributions(self.database)

    @property
    def desk(self) -> Desk:
        """Deciding on marks."""
        return Desk(self.database, confirm_after_days=self.retention.confirm_after_days)

    @property
    def groups(self) -> Groups:
        """Groups and their links."""
        return Groups(self.database)

    @property
    def accounts(self) -> Accounts:
        """Who signs in."""
        return Accounts(self.database)

    @property
    def sign_ins(self) -> SignIns:
        """Who has signed in."""
        return SignIns(self.database)

    @property
    def trail(self) -> Trail:
        """What was done."""
        return Trail(self.database)

    def tidy(self, by: Actor) -> Tidied:
        """Forget what need not be kept any longer: see `data.store.retention.tidy`."""
        return tidy(self.database, by, self.retention)

    def backup(self, by: Actor, path: Path) -> int:
        """Copy everything to a file: see `data.store.backup.backup`."""
        return whole_store.backup(self.database, by, path)

    def restore(self, by: Actor, path: Path) -> int:
        """Fill this empty store from a backup: see `data.store.backup.restore`."""
        return whole_store.restore(self.database, by, path)

    def close(self) -> None:
        """Give all connections back."""
        self.database.close()
