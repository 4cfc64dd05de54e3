"""The jobs that `jobs.py` does at regular times."""

import logging

from django.core.management import call_command
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
    """Look for anything altered in the history, and say so in the server's log."""
    from onroll.history.sealing import verify

    findings = [str(finding) for finding in verify()]
    for finding in findings:
        logger.error("History: %s", finding)
    return findings
