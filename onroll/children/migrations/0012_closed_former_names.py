import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("children", "0011_openings_that_show_a_closed_record")]

    operations = [
        migrations.CreateModel(
            name="ClosedNames",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "source",
                    models.CharField(default="person", help_text="Where the fact came from", max_length=20),
                ),
                ("closed_at", models.DateTimeField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("asked", "The person asked for it"),
                            ("protect", "The person has to be protected"),
                            ("court", "A court ordered it"),
                        ],
                        max_length=10,
                        verbose_name="Why they are closed",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorities.authority",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="children.child"
                    ),
                ),
            ],
            options={
                "verbose_name": "closing of former names",
                "verbose_name_plural": "closings of former names",
                "abstract": False,
                "default_manager_name": "unscoped",
                "base_manager_name": "unscoped",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
