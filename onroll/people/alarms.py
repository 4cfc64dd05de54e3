"""Many wrong sign-ins in one authority are told to whoever watches its access log.

100 in ten minutes: more than people mistype. Each authority's are counted by themselves, so that none learns of
another's. They are counted from the access log by a background job, because the sign-in itself must take the same work
whether the address has an account or not.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.history.models import Entry
from onroll.history.viewing import noted

from .models import Post

logger = logging.getLogger(__name__)

MANY = 100
WITHIN = timedelta(minutes=10)
# The act in the access log, for the rules of those who watch it.
GUESSING = "many_wrong_sign_ins"


def tell_of_guessing(*, now: datetime) -> list[int]:
    """The authorities in which too many sign-ins went wrong in the last ten minutes, each told of once in that time.

    For the role that sees every authority: who is refused is in none yet.
    """
    refused = Entry.objects.filter(authority=scope.INSTALLATION, act="sign_in", outcome="refused", at__gt=now - WITHIN)
    wrong = Counter(refused.exclude(actor=None).values_list("actor_id", flat=True))
    if wrong.total() < MANY:
        return []
    posts = Post.objects.filter(account__in=wrong).live(localdate(now))
    counts: Counter[int] = Counter()
    for account, authority in set(posts.values_list("account_id", "authority_id")):
        counts[authority] += wrong[account]
    told = Entry.objects.filter(act=GUESSING, at__gt=now - WITHIN).values_list("authority", flat=True)
    many = sorted(authority for authority, count in counts.items() if count >= MANY and authority not in set(told))
    for authority in many:
        with scope.in_authority(authority):
            noted(Actor.system(authority, today=localdate(now)), GUESSING, outcome="alarm")
        logger.error("%s wrong sign-ins within ten minutes in authority %s.", MANY, authority)
    return many
