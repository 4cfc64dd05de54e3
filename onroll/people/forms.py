"""What is asked of a sharing agreement."""

from django import forms

from onroll.design.forms import GovukDateField, GovukForm, Look


class AgreementForm(GovukForm):
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter the title"})
    parties = forms.CharField(
        label="Between whom?", max_length=400, error_messages={"required": "Say who made the agreement"}
    )
    purpose = forms.CharField(
        label="What is shared, and what for?",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Say what is shared and what for"},
    )
    lawful_basis = forms.CharField(
        label="Lawful basis",
        max_length=400,
        help_text="For example: public task, Children Act 2004, section 10",
        error_messages={"required": "Enter the lawful basis"},
    )
    start = GovukDateField(label="From", asks="the first day of the agreement")
    end = GovukDateField(
        label="Until, if it ends by itself",
        asks="the day the agreement ends",
        required=False,
        help_text="From this day on no post that rests on it opens a record",
    )
    review_on = GovukDateField(label="To be reviewed by", asks="the day of the review")

    looks = {"purpose": Look(rows=3)}
