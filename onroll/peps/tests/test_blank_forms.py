"""Blank forms of plans: every question that somebody answers, and no child."""

import pytest
from django.urls import reverse

from onroll.design.word_files import WORD
from onroll.design.word_files import text_of as words_of_docx
from onroll.peps.forms.declarations import Kind, form
from onroll.peps.printing import ANY_NAME, BLANK_FORMS, blank_parts, blank_title
from onroll.peps.tests.scene import a_cast
from onroll.peps.writing import FORM_YEAR


@pytest.mark.parametrize("key", BLANK_FORMS)
def test_a_blank_form_asks_every_question_that_somebody_answers(key):
    kind, initial = BLANK_FORMS[key]
    asked = [row[0] for part in blank_parts(key) for row in part.rows]

    for question in form(kind, initial=initial, year=FORM_YEAR).questions():
        if question.kind not in (Kind.SHOWN, Kind.FILE) and not question.parts:
            wanted = question.words.replace("'", "’").replace("{known_as}", ANY_NAME)
            assert any(wanted[1:] in words for words in asked), question.key
    assert not any("{" in words for words in asked)
    assert all(len(set(map(len, part.rows))) == 1 for part in blank_parts(key))


def test_targets_have_room_for_three():
    rows = [row[0] for part in blank_parts("school_age") if part.title == "New targets" for row in part.rows]

    assert {words[0] for words in rows if words[1:3] == ". "} == {"1", "2", "3"}


def test_a_teacher_takes_a_blank_form_and_whoever_writes_no_plans_does_not(client, db):
    cast = a_cast()
    address = reverse("peps:blank_form", args=["school_age", "docx"])
    client.force_login(cast.accounts["teacher"])
    page = client.get(reverse("peps:blank_forms")).content.decode()
    assert address in page
    assert blank_title("first_post_16") in page

    answer = client.get(address)

    assert answer.headers["Content-Type"] == WORD
    assert answer.headers["Content-Disposition"] == 'attachment; filename="blank-school-age.docx"'
    words = words_of_docx(answer.content)
    assert words[0] == ["Personal education plan: school age"]
    assert "Mia" not in str(words)
    assert client.get(reverse("peps:blank_form", args=["secondary", "pdf"])).status_code == 404
    assert client.get(reverse("peps:blank_form", args=["school_age", "xlsx"])).status_code == 404
    client.force_login(cast.accounts["carer"])
    assert client.get(address).status_code == 404


def test_the_longest_blank_form_is_a_tagged_pdf_without_a_letter_that_is_not_there(client, db):
    cast = a_cast()
    client.force_login(cast.accounts["head"])

    answer = client.get(reverse("peps:blank_form", args=["first_post_16", "pdf"]))

    assert answer.content.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in answer.content
