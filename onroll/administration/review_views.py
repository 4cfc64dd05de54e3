"""Pages of the termly access review: one list, yes or no a row, and the same as a file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.roles import DESIGNATED_TEACHERS
from onroll.design.spreadsheets import as_csv, as_xlsx
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day, day_short
from onroll.history.viewing import noted
from onroll.people.actions import Refused

from .models import AccessReview, ReviewedPost
from .people import people_of, place_of, role_of
from .reviews import answer, open_review, rows_of, why_not_answer

Answer = ReviewedPost.Answer
ANSWER_COLOURS = {Answer.YES: "green", Answer.NO: "grey", Answer.LAPSED: "red"}


class ReviewsPage(Page):
    """The access reviews of the authority, newest first."""

    requires = Can.SEE_REVIEWS
    template_name = "administration/reviews.html"

    def context(self) -> dict[str, Any]:
        rows = []
        for review in AccessReview.objects.filter(authority_id=self.actor.authority).order_by("-opened_on", "-pk"):
            asked = rows_of(review, self.actor)
            answered = sum(row.answer in (Answer.YES, Answer.NO) for row in asked)
            state = (
                Cell("Closed", tag="grey", sub=day_short(review.closed_on))
                if review.closed_on
                else Cell("Open", tag="blue")
            )
            rows.append(
                [
                    Cell(str(review), href=reverse("administration:review", args=[review.public_id])),
                    state,
                    day_short(review.due_on),
                    f"{answered} of {len(asked)}",
                ]
            )
        columns = [
            Column("Term", stacked_label=False),
            Column("State", stacked_label=False),
            Column("Answer by"),
            Column("Answered"),
        ]
        return {
            "table": Table("Access reviews", columns, rows, stacked="brief") if rows else None,
            "may_open": can(self.actor, Can.KEEP_POSTS),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open this term's review now, and not with tonight's job."""
        if not can(self.actor, Can.KEEP_POSTS):
            raise Http404
        review = open_review(actor=self.actor)
        if review is None:
            messages.error(request, "There is no term today that was not asked about. See the calendar.")
            return HttpResponseRedirect(reverse("administration:reviews"))
        messages.success(request, f"Opened. What nobody confirms by {day(review.due_on)} ends.")
        return HttpResponseRedirect(reverse("administration:review", args=[review.public_id]))


class OneReviewPage(Page):
    """A page about one review of the actor's authority."""

    abstract = True

    def open(self, review: object, **kwargs: Any) -> None:  # type: ignore[override]
        found = AccessReview.objects.filter(authority_id=self.actor.authority, public_id=review).first()
        if found is None:
            raise Http404
        self.review = found
        self.rows = rows_of(found, self.actor)
        people = people_of(self.actor, [row.post for row in self.rows])
        self.names = {person.account.pk: person.name for person in people}


class ReviewPage(OneReviewPage):
    """One list: what waits for this person's answer with yes and no, and below it what was answered, by whom."""

    requires = Can.SEE_REVIEWS
    template_name = "administration/review.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def context(self) -> dict[str, Any]:
        mine = [row for row in self.rows if not why_not_answer(row, actor=self.actor)]
        waiting = [row for row in mine if not row.answer]
        done = sum(row.answer in (Answer.YES, Answer.NO) for row in self.rows)
        return {
            "review": self.review,
            "says": f"{done} of {count_of(len(self.rows), 'post')} answered. "
            + (
                f"Closed {day(self.review.closed_on)}."
                if self.review.closed_on
                else f"Answer by {day(self.review.due_on)}."
            ),
            "waiting": [
                (row, self.names[row.post.account_id], role_of(row.post), place_of(row.post)) for row in waiting
            ],
            "table": self._table([row for row in self.rows if row not in waiting]),
            "today": self.actor.today,
        }

    def _table(self, rows: list[ReviewedPost]) -> Table | None:
        shown = []
        for row in rows:
            said = Answer(row.answer) if row.answer else None
            by = f"by {row.answered_by.name}" if row.answered_by else ""
            shown.append(
                [
                    Cell(self.names[row.post.account_id], sub=role_of(row.post)),
                    place_of(row.post) or "–",
                    Cell(said.label, tag=ANSWER_COLOURS[said]) if said else Cell("Waits", tag="yellow"),
                    Cell(day_short(row.answered_on), sub=by) if row.answered_on else _who(row),
                ]
            )
        columns = [
            Column("Person", stacked_label=False),
            Column("Where", stacked_label=False),
            Column("Answer", stacked_label=False),
            Column("Reviewed"),
        ]
        return Table("Other posts of this review", columns, shown, caption_hidden=False) if shown else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_key = {str(row.public_id): row for row in self.rows}
        given = [(by_key[key], str(said)) for key, said in request.POST.items() if key in by_key]
        if not given:
            return self.show(nothing="Answer yes or no for at least one person")
        try:
            count = answer(given, actor=self.actor)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, f"{count_of(count, 'answer')} kept.")
        return HttpResponseRedirect(request.path)


def _who(row: ReviewedPost) -> str:
    return "The virtual school answers" if row.post.role in DESIGNATED_TEACHERS else "The team’s manager answers"


class ReviewFilePage(OneReviewPage):
    """The review as a file: the evidence of who was confirmed, when and by whom."""

    requires = Can.SEE_REVIEWS
    fresh = True

    HEADINGS = (
        "Person",
        "E-mail",
        "Role",
        "Team or school",
        "In post since",
        "Answer",
        "Answered on",
        "Answered by",
        "Ended",
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        write = {"csv": as_csv, "xlsx": as_xlsx}.get(kwargs["kind"])
        if write is None:
            raise Http404
        rows = [
            (
                self.names[row.post.account_id],
                row.post.account.email,
                role_of(row.post),
                place_of(row.post),
                row.post.start,
                row.get_answer_display() if row.answer else "Not answered",
                row.answered_on,
                row.answered_by.name if row.answered_by else "",
                row.post.end,
            )
            for row in self.rows
        ]
        noted(self.actor, "export", outcome="done", route="administration:review_file")
        return write(
            f"access-review-{self.review.academic_year}-{self.review.term}", "Access review", self.HEADINGS, rows
        )
