"""What is done with documents of plans in the background."""

import logging

from django.utils import timezone
from django_tasks import task

from onroll.access.actors import Actor
from onroll.access.scope import in_authority
from onroll.documents import scanning

from .documents import settle_scan
from .models import PlanDocument
from .storing import FILES, Lost

logger = logging.getLogger(__name__)


@task()
def scan_waiting_documents(authority: int) -> int:
    """Have the scanner look at every document that waits. Answers how many it gave a verdict on; others go on waiting.

    Without a scanner nothing is held back for one: what waits was added while there was one.
    """
    with in_authority(authority):
        actor, settled = Actor.system(authority, today=timezone.localdate()), 0
        waiting = PlanDocument.objects.filter(authority=authority, state=PlanDocument.State.WAITING)
        for document in waiting.filter(taken_away_on__isnull=True).order_by("pk"):
            try:
                clean = not scanning.is_configured() or scanning.is_clean(FILES.kept(document))
            except scanning.ScannerDown:
                logger.error("The scanner of documents gives no answer. Documents of plans wait.")
                return settled
            except Lost:
                logger.error("The file of a document of a plan that waits for the scanner is not there.")
                continue
            settle_scan(document, clean=clean, actor=actor)
            settled += 1
        return settled
