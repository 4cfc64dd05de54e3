"""What a person typed when their sign-in was over is not lost: it is kept for them, encrypted, and offered again.

Only a form that came from a page of ours is kept, and only for the account whose sign-in it was.
"""

import json
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from .models import KeptWords

KEPT_FOR = timedelta(hours=12)
# Of one person; the oldest go first.
KEPT = 10
LONGEST = 200_000
NOT_KEPT = ("csrfmiddlewaretoken",)


def keep_words(request: HttpRequest, account: int) -> str:
    """Keep the form that was sent. Answers the page that offers it again; nothing where there was nothing to keep."""
    if request.headers.get("X-Onroll-Part"):
        return ""
    fields = [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]
    words = json.dumps({"path": request.get_full_path(), "fields": fields, "files": sorted(request.FILES)})
    if not fields or len(words) > LONGEST:
        return ""
    kept = KeptWords.objects.create(account_id=account, kept_at=timezone.now(), words=words)
    newest = KeptWords.objects.filter(account_id=account).order_by("-kept_at").values_list("pk", flat=True)[:KEPT]
    KeptWords.objects.filter(account_id=account).exclude(pk__in=list(newest)).delete()
    return reverse("access:words", args=[kept.public_id])


def forget_old_words() -> int:
    return KeptWords.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()[0]
