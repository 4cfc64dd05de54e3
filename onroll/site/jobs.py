"""The background jobs: what is done at regular times, and what a page asked to be done later.

One process does both: a small thread puts the regular jobs in the queue when they are due, and the worker
takes jobs from the queue, one at a time. Run by `onroll start`, as `python -m onroll.site.jobs`.
"""

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import django
from django.utils import timezone

logger = logging.getLogger(__name__)

# How often the thread looks for jobs that are due, and the worker for jobs in the queue.
LOOK_EVERY = 30
TAKE_EVERY = 5


@dataclass(frozen=True)
class Regular:
    """A job of onroll/site/regular_jobs.py, and how long after its last time it is due again."""

    name: str
    every: timedelta

    def is_due(self, last: datetime | None, *, now: datetime) -> bool:
        return last is None or now - last >= self.every


REGULAR = (
    Regular("clear_ended_sign_ins", timedelta(days=1)),
    Regular("forget_finished_jobs", timedelta(days=1)),
    Regular("send_mail", timedelta(minutes=1)),
    Regular("keep_heads", timedelta(hours=1)),
    Regular("verify_history", timedelta(days=1)),
    Regular("watch_looks", timedelta(minutes=5)),
    Regular("watch_sign_ins", timedelta(minutes=1)),
    Regular("remind_of_openings", timedelta(days=1)),
    Regular("scan_waiting_documents", timedelta(minutes=10)),
    Regular("clear_stray_files", timedelta(days=1)),
    Regular("review_access", timedelta(days=1)),
    Regular("switch_off_unused", timedelta(days=1)),
    Regular("remove_old_exports", timedelta(hours=1)),
    Regular("keep_figures", timedelta(days=1)),
    Regular("open_peps", timedelta(hours=1)),
    Regular("tell_schools", timedelta(hours=1)),
    Regular("sign_off_peps", timedelta(days=1)),
    Regular("send_pep_digests", timedelta(hours=6)),
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onroll.site.settings")
    django.setup()
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    # That it was asked to stop is no news: whoever stopped Onroll knows.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    worker = Worker(
        queue_names=["*"],
        interval=TAKE_EVERY,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    threading.Thread(target=keep_time, args=(os.getppid(),), daemon=True).start()
    worker.run()


def keep_time(started_by: int) -> None:
    """Queue what is due, again and again, until whoever started this process is gone."""
    from django.db import Error, connection

    looked = float("-inf")
    while os.getppid() == started_by:
        if time.monotonic() - looked >= LOOK_EVERY:
            looked = time.monotonic()
            try:
                queue_what_is_due(now=timezone.now())
            except Error:
                logger.exception("The regular jobs could not be looked at.")
            finally:
                connection.close()
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def queue_what_is_due(*, now: datetime) -> list[str]:
    """Put every regular job that is due in the queue, and answer their names."""
    from django_tasks_db.models import DBTaskResult

    from . import regular_jobs

    queued = []
    for job in REGULAR:
        task = getattr(regular_jobs, job.name)
        times = DBTaskResult.objects.filter(task_path=task.module_path).order_by("-enqueued_at")
        if job.is_due(times.values_list("enqueued_at", flat=True).first(), now=now):
            task.enqueue()
            queued.append(job.name)
    return queued


if __name__ == "__main__":
    main()
