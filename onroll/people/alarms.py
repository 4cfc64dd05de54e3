"""Many wrong sign-ins in one authority are told to whoever watches its access log.

100 in ten minutes: more than people mistype. Each authority counts its own, so that none learns of another's.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from onroll.access import guessing, scope, sign_ins
from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.history.viewing import noted

from .posts import live_posts

logger = logging.getLogger(__name__)

MANY = 100
WITHIN = timedelta(minutes=10)
# The act in the access log, for the rules of those who watch it.
GUESSING = "many_wrong_sign_ins"


def connect() -> None:
    """Listen to every attempt to sign in. Called once, at start."""
    sign_ins.listen(count_wrong)


def count_wrong(act: str, outcome: str, account: int | None) -> None:
    """Count a refused sign-in in each authority where its account holds a post, and tell of the hundredth."""
    if outcome != "refused":
        return
    now = timezone.now()
    known = Account.objects.filter(pk=account).first() if account else None
    posts = live_posts(known, on=timezone.localdate()) if known else []
    for authority in sorted({post.authority_id for post in posts}):
        if guessing.count(guessing.authority_key(authority), now=now, window=WITHIN) == MANY:
            with scope.in_authority(authority):
                noted(Actor.system(authority, today=timezone.localdate()), GUESSING, outcome="alarm")
            logger.error("%s wrong sign-ins within ten minutes in authority %s.", MANY, authority)
