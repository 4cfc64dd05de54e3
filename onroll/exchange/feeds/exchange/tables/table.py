"""What a file of the format declares, and what is held that its rows can point to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, Q

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import Authority, Postcode, Team
from onroll.children.models import Child, Identifiers
from onroll.exchange.plans import Changes
from onroll.people.domains import AllowedDomains, allowed_domains
from onroll.people.models import Post, SharingAgreement
from onroll.peps.clock import Settings
from onroll.peps.models import PepSettings
from onroll.schools.models import School

from ..cells import Column

if TYPE_CHECKING:
    from .peps import PepBook
    from .plans import PlanBook


class DoesNotFit(Exception):
    """A row does not fit what is held and what the files bring: the column, and what is wrong with it."""


@dataclass
class Held:
    """One row as it is held: its values by column, and the records that carry them."""

    values: dict[str, Any]
    records: tuple[Any, ...]


@dataclass
class Holdings:
    """What the authority holds already, by the names that the format uses, with what this load will add."""

    actor: Actor
    authority: Authority
    source: str = "exchange"
    children: dict[str, Child] = field(default_factory=dict)
    # Who has a post in the authority, and everyone with an account: of the others no row may tell.
    accounts: dict[str, Account] = field(default_factory=dict)
    everyone: dict[str, Account] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    # Whose post here waits for no second person.
    confirmed: set[int] = field(default_factory=set)
    directory: dict[str, Postcode] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    # Posts that this load adds, by the columns that find one again.
    posts: dict[tuple[Any, ...], Post] = field(default_factory=dict)
    agreements: dict[str, SharingAgreement] = field(default_factory=dict)
    _new: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, source: str = "exchange") -> "Holdings":
        """Everything that rows can point to. Six queries. `source` is what new rows will name as theirs."""
        holdings = cls(actor, Authority.objects.get(pk=actor.authority), source)
        own = {"authority_id": actor.authority}
        children = {child.pk: child for child in Child.unscoped.filter(**own)}
        for row in Identifiers.unscoped.filter(**own):
            child = children[row.child_id]
            if child.merged_into_id is None:
                holdings.numbers[child.pk] = row.child_number
            # The number of a record that was joined is another number of the child it was joined to.
            while child.merged_into_id is not None:
                child = children[child.merged_into_id]
            holdings.children[row.child_number] = child
        holdings.everyone = {account.email.lower(): account for account in Account.objects.all()}
        posts = Post.objects.filter(authority_id=actor.authority).values_list("account_id", "end", "waits")
        here = {account for account, _, _ in posts}
        holdings.confirmed = {
            account for account, end, waits in posts if not waits and (end is None or end > actor.today)
        }
        holdings.accounts = {email: account for email, account in holdings.everyone.items() if account.pk in here}
        usable = School.objects.filter(Q(authority__isnull=True) | Q(authority_id=actor.authority))
        holdings.schools = {school.setting_id: school for school in usable.only("setting_id", "la_code", "name")}
        return holdings

    @cached_property
    def domains(self) -> AllowedDomains:
        return allowed_domains(self.actor.authority)

    @cached_property
    def plan_book(self) -> "PlanBook":
        """The plans that are held, read when the first row of a plan asks for them."""
        from .plans import PlanBook

        return PlanBook.of(self.actor.authority)

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.of(self.actor.authority)

    @cached_property
    def clock_settings(self) -> Settings:
        """What the authority set for the clock of its PEPs."""
        return PepSettings.of(self.actor.authority).for_the_clock()

    @cached_property
    def pep_book(self) -> "PepBook":
        """The PEPs that are held, read when the first row of one asks for them."""
        from .peps import PepBook

        return PepBook.of(self)

    def must_wait(self, account: Account, school: School | None) -> bool:
        """Whether a new post waits until a second person has confirmed the address."""
        if account.pk in self.confirmed:
            return False
        return not self.domains.allow(account.email, school.pk if school else None)

    def child(self, number: str) -> Child:
        found = self.children.get(number)
        if found is None:
            raise DoesNotFit("child_id", f"{number} is in no row of children.csv and is not held")
        return found

    def number_of(self, record: Any) -> str:
        """The authority's number of the child of a record, held or planned."""
        if record.child_id in self.numbers:
            return self.numbers[record.child_id]
        if not self._new:
            self._new.update({child.public_id: number for number, child in self.children.items() if child.pk is None})
        return self._new[record.child.public_id]

    def school(self, setting_id: str) -> School:
        found = self.schools.get(setting_id)
        if found is None:
            raise DoesNotFit("setting_id", f"{setting_id} is in no row of schools.csv and is not in the register")
        return found

    def account(self, email: str) -> Account:
        found = self.accounts.get(email.lower())
        if found is None:
            raise DoesNotFit("email", f"{email} is in no row of people.csv and has no account")
        return found


@dataclass(frozen=True)
class Table:
    """One file: its columns, the columns that find a row again, and the three things done with rows.

    `held` gives every row that is held; `make` plans a new one; `alter` plans the change of a held one. A conflict is
    the child's number, the column and the words.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    held: Callable[[Holdings], Iterable[Held]]
    make: Callable[[dict[str, Any], Holdings, Changes], None]
    alter: Callable[[Held, dict[str, Any], Holdings, Changes], None]
    # Reads at once what the rows will need, and says at the end which children's rows contradict each other.
    prepare: Callable[[list[dict[str, Any]], Holdings, Changes], None] | None = None
    conflicts: Callable[[Holdings, Changes], Iterable[tuple[str, str, str]]] | None = None

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def key_of(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(values[name] for name in self.key)


def facts_of_a_child(
    name: str,
    title: str,
    model: type[Model],
    columns: tuple[Column, ...],
    *,
    key: tuple[str, ...] = (),
    fields: dict[str, str] | None = None,
    only: dict[str, Any] | None = None,
    refuse: Callable[[Held | None, dict[str, Any], Holdings], None] = lambda held, values, holdings: None,
) -> Table:
    """The table of a model whose rows belong to a child and whose columns are its fields.

    `fields` names the field of a column that is called otherwise; `only` is what every row of this file has. A field
    that points to a person is written as their address, one that points to a school as its number. `refuse` raises
    DoesNotFit for a row that may not be made (nothing is held) or changed.
    """
    names = {column.name: (fields or {}).get(column.name, column.name) for column in columns}
    first = columns[0]
    assert first.name == "child_id"
    del names["child_id"]
    fixed = only or {}
    pointing = {field: model._meta.get_field(field).related_model for field in names.values()}
    people = [field for field, to in pointing.items() if to is Account]
    schools = [field for field, to in pointing.items() if to is School]

    def told(row: Any, field: str) -> Any:
        value = getattr(row, field)
        if field in people:
            return value.email if value else ""
        if field in schools:
            return value.setting_id if value else ""
        return value

    def fact(field: str, value: Any, holdings: Holdings) -> Any:
        if field in people:
            return holdings.account(value) if value else None
        if field in schools:
            return holdings.school(value) if value else None
        return value

    def held(holdings: Holdings) -> Iterable[Held]:
        rows: Any = model._default_manager.filter(authority_id=holdings.actor.authority, **fixed)
        for row in rows.select_related(*people, *schools).iterator():
            number = holdings.numbers.get(row.child_id)
            if number is not None:
                yield Held({"child_id": number, **{c: told(row, f) for c, f in names.items()}}, (row,))

    def make(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        refuse(None, values, holdings)
        changes.create(
            model(
                authority_id=holdings.actor.authority,
                child=holdings.child(values["child_id"]),
                source=holdings.source,
                **fixed,
                **{f: fact(f, values[c], holdings) for c, f in names.items()},
            )
        )

    def alter(row: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        refuse(row, values, holdings)
        changes.update(row.records[0], **{f: fact(f, values[c], holdings) for c, f in names.items()})

    return Table(name, title, columns, key or ("child_id", columns[1].name), held, make, alter)
