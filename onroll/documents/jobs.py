"""What is done with documents in the background."""

import logging
from typing import Any

from django.utils import timezone
from django_tasks import task

from onroll.access.actors import Actor

from . import scanning, storing
from .actions import settle_scan
from .models import DocumentVersion

logger = logging.getLogger(__name__)


@task()
def scan_waiting_documents() -> int:
    """Have the scanner look at every version that waits. What it gives no verdict on goes on waiting.

    Without a scanner nothing is held back for one: what waits was added while there was one.
    """
    settled = 0
    waiting: Any = DocumentVersion.unscoped.filter(state=DocumentVersion.State.WAITING).order_by("pk")
    for version in waiting.select_related("document"):
        actor = Actor.system(version.authority_id, today=timezone.localdate())
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


@task()
def clear_stray_files() -> int:
    """Remove the files of documents that no record names."""
    return storing.clear_strays()
