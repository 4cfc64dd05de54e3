"""What guards some of the records: a name behind a strict mark, an emergency opening to review, and a neighbour."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from onroll.access.roles import Role
from onroll.children.actions.guards import LASTS
from onroll.children.models import Child, Disclosure, MustNotSee, Named, Note, Opening
from onroll.history.changes import ThisChange
from onroll.people.models import Post

from .care import weekday_by
from .chance import Chance
from .lives import Life
from .round_the_child import Allocated
from .staff import ALICE, Staff
from .writing import PERSON, Writer

NEIGHBOUR = "Bronwen Ellis"


def guard(
    writer: Writer,
    this: ThisChange,
    children: list[Child],
    lives: list[Life],
    allocated: list[list[Allocated]],
    staff: Staff,
    seed: int,
) -> None:
    """Two evenings ago a manager of another team opened the record of a child who had not come home."""
    chance = Chance(seed, "guarded")
    in_care = [at for at, life in enumerate(lives) if life.periods and life.left_on is None]
    head = next(person.account for person in staff.of(Role.VSH))
    kept = [at for at in in_care if lives[at].disclosure == Disclosure.ONLY_NAMED_USERS]
    named = [
        writer.about(Named, children[at], PERSON, about="home", knows=True, account=head, start=writer.today)
        for at in kept[:1]
    ]
    writer.save(this, Named, named)
    of_another_team = [at for at in in_care if any(person.name == ALICE for person, *_ in allocated[at])]
    if of_another_team:
        _opening(writer, this, children[chance.choice(of_another_team)], staff, chance)
    neighbour = next((person.account for person in staff.people if person.name == NEIGHBOUR), None)
    if neighbour is not None and in_care:
        pair = writer.about(
            MustNotSee,
            children[chance.choice(in_care)],
            PERSON,
            account=neighbour,
            tie=MustNotSee.Tie.NEIGHBOUR,
            declared=True,
            set_by=neighbour,
            start=weekday_by(writer.today - timedelta(days=40)),
        )
        writer.save(this, MustNotSee, [pair])


def _opening(writer: Writer, this: ThisChange, child: Child, staff: Staff, chance: Chance) -> None:
    manager = next(person.account for person in staff.of(Role.TEAM_MANAGER))
    post = Post.objects.get(account=manager, role=Role.TEAM_MANAGER)
    at = timezone.make_aware(datetime.combine(writer.today - timedelta(days=2), time(21, 5)))
    opening = writer.about(
        Opening,
        child,
        PERSON,
        reference=f"E-{chance.uuid().hex[:8].upper()}",
        account=manager,
        post=post,
        why=Opening.Why.MISSING,
        reason="Not home since school, nobody answers at the home, and the social worker is on leave.",
        opened_at=at,
        until=at + LASTS,
    )
    writer.save(this, Opening, [opening])
    note = writer.about(
        Note,
        child,
        PERSON,
        opening=opening,
        written_by=manager,
        written_at=at + timedelta(minutes=50),
        text="Back at the home at 21.50, safe and well. The carer had been out looking.",
    )
    writer.save(this, Note, [note])
