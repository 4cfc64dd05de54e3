"""Who signs in, who was invited and has not come yet, whose post runs out, and the access review of this term."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from onroll.access.models import Account, Mail
from onroll.access.roles import DESIGNATED_TEACHERS, LEADS, Role
from onroll.administration.models import AccessReview, ReviewedPost
from onroll.administration.reviews import ANSWER_WITHIN
from onroll.codes.working_days import add_working_days
from onroll.codes.years import academic_year_of
from onroll.history.changes import ThisChange
from onroll.people.models import Post

from .chance import Chance
from .schools import FERNHILL, Register
from .staff import HEAD, Staff
from .writing import Writer

TERM_OF_MONTH = dict.fromkeys((9, 10, 11, 12), "autumn") | dict.fromkeys((1, 2, 3), "spring")


def at_nine(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(9)))


def write_access(writer: Writer, this: ThisChange, staff: Staff, register: Register, *, seed: int) -> None:
    """Write it all, under the change that is open. Before it, nobody has ever signed in."""
    chance, today = Chance(seed, "access"), writer.today
    for person in staff.people:
        person.account.last_login = at_nine(today - chance.days(1, 20))
    Account.objects.bulk_update([person.account for person in staff.people], ["last_login"], batch_size=200)

    invited = _account(chance, "Nora", "Quist", "schools.example")
    temporary = _account(chance, "Imogen", "Hale", "ashcombe.example")
    temporary.last_login = at_nine(today - timedelta(days=1))
    at_home = _account(chance, "Petra", "Lowe", "post.example")
    this.bulk_create(Account, [invited, temporary, at_home])
    values = {"authority": writer.authority, "review_on": today + timedelta(days=300)}
    school = register[FERNHILL].record
    deputy = {"role": Role.DEPUTY_DT, "school": school, "reason": "Deputy from this half-term"}
    cover = {"role": Role.FINANCE, "end": today + timedelta(days=19), "reason": "Cover for Alan Rigby"}
    this.create(writer.of(Post, **values, account=invited, start=today - timedelta(days=4), **deputy))
    this.create(writer.of(Post, **values, account=temporary, start=today - timedelta(days=60), **cover))
    # An address of no allowed domain: the administrator has asked, so the head can confirm it.
    asked_by = staff.of(Role.ADMINISTRATOR)[0].account
    waits = {"role": Role.DEPUTY_DT, "school": school, "reason": "Uses her own address until the school gives her one"}
    this.create(writer.of(Post, **values, account=at_home, start=today, waits=True, asked_by=asked_by, **waits))
    sent = at_nine(today - timedelta(days=4))
    Mail.objects.create(
        public_id=chance.uuid(),
        authority=writer.authority.pk,
        to=invited,
        address=invited.email,
        kind="invitation",
        written_at=sent,
        sent_at=sent,
    )
    _review(writer, this, staff, chance)


def _account(chance: Chance, given: str, family: str, where: str) -> Account:
    email = f"{given}.{family}@{where}".lower()
    return Account(public_id=chance.uuid(), email=email, given_name=given, family_name=family, password="!")  # noqa: S106


def _review(writer: Writer, this: ThisChange, staff: Staff, chance: Chance) -> None:
    """This term's review, opened eight days ago: the head has begun to answer."""
    opened = writer.today - timedelta(days=8)
    review = this.create(
        writer.of(
            AccessReview,
            authority=writer.authority,
            academic_year=academic_year_of(writer.today),
            term=TERM_OF_MONTH.get(writer.today.month, "summer"),
            opened_on=opened,
            due_on=add_working_days(opened, ANSWER_WITHIN),
        )
    )
    posts = Post.objects.filter(authority=writer.authority).live(opened).exclude(role__in=LEADS).order_by("pk")
    asked = [post for post in posts if post.role in DESIGNATED_TEACHERS or post.team_id]
    rows = []
    for post in asked:
        row = writer.of(ReviewedPost, authority=writer.authority, review=review, post=post)
        if post.role in DESIGNATED_TEACHERS and chance.happens(0.4):
            row.answer, row.answered_on = "yes", writer.today - chance.days(1, 7)
            row.answered_by = staff[HEAD].account
        rows.append(row)
    this.bulk_create(ReviewedPost, rows)
