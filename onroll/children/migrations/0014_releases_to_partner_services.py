import django.db.models.deletion
import django.db.models.manager
import onroll.access.encryption
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0005_how_many_children_leave_in_one_file"),
        ("children", "0013_homes_that_end_to_the_minute"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("source", models.CharField(default="person", help_text="Where the fact came from", max_length=20)),
                ("start", models.DateField()),
                ("end", models.DateField(blank=True, null=True)),
                (
                    "what",
                    models.CharField(
                        choices=[("address", "Where the child lives"), ("sdq", "Total SDQ scores")], max_length=7
                    ),
                ),
                ("row", models.UUIDField(blank=True, null=True)),
                ("why", onroll.access.encryption.EncryptedTextField(verbose_name="Why the case needs it")),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="children.servicecase"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="children.child"
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "release to a partner service",
                "verbose_name_plural": "releases to partner services",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"),
                        name="a_release_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("row__isnull", False), ("what", "address")),
                            models.Q(("row__isnull", True), ("what", "sdq")),
                            _connector="OR",
                        ),
                        name="a_release_of_an_address_names_the_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("end__isnull", True)),
                        fields=("case", "what"),
                        name="a_case_is_given_a_fact_once",
                    ),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
