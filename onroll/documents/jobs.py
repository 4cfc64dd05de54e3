"""What is done with documents in the background."""

import logging
from typing import Any

from django.utils import timezone
from django_tasks import task

from onroll.access.actors import Actor
from onroll.access.scope import in_authority

from . import scanning, storing
from .actions import settle_scan
from .models import DocumentVersion

logger = logging.getLogger(__name__)


@task()
def scan_waiting_documents(authority: int) -> int:
    """Have the scanner look at every version of the authority that waits. Answers how many it gave a verdict on.

    What gets none goes on waiting. Without a scanner nothing is held back for one: what waits was added while there
    was one.
    """
    with in_authority(authority):
        return _settle_waiting(authority)


def _settle_waiting(authority: int) -> int:
    settled = 0
    waiting: Any = DocumentVersion.unscoped.filter(authority=authority, state=DocumentVersion.State.WAITING)
    actor = Actor.system(authority, today=timezone.localdate())
    for version in waiting.order_by("pk").select_related("document"):
        try:
            clean = not scanning.is_configured() or scanning.is_clean(storing.kept(version))
        except scanning.ScannerDown:
            logger.error("The scanner of documents gives no answer. Documents wait.")
            return settled
        except storing.Lost:
            logger.error("The file of a document that waits for the scanner is not there.")
            continue
        settle_scan(version, clean=clean, actor=actor)
        settled += 1
    return settled
