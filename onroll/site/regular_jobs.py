"""The jobs that `jobs.py` does at regular times."""

import logging

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

logger = logging.getLogger(__name__)


@task()
def clear_ended_sign_ins() -> None:
    """Remove the sign-ins whose time is over."""
    call_command("clearsessions", verbosity=0)


@task()
def forget_finished_jobs() -> None:
    """Remove what is known of jobs that were done more than a fortnight ago."""
    call_command("prune_db_task_results", min_age_days=14, verbosity=0)


@task()
def verify_history() -> list[str]:
    """Look for anything altered in the history or the access log, and say so in the server's log."""
    from .heads import verify_all

    findings = verify_all()
    for finding in findings:
        logger.error("%s", finding)
    return findings


@task()
def keep_heads() -> None:
    """Write the heads of the history and of the access log outside the database."""
    from .heads import keep

    keep(now=timezone.now())


@task()
def scan_waiting_documents() -> int:
    """Have the scanner look at the documents that wait: it may have been away when they were added."""
    from onroll.documents import jobs

    return jobs.scan_waiting_documents.call()


@task()
def clear_stray_files() -> int:
    """Remove the files of documents that no record names."""
    from onroll.documents import jobs

    return jobs.clear_stray_files.call()
