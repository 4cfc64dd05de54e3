import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0001_published_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("measure", models.CharField(max_length=60)),
                ("period", models.CharField(help_text="Its name, like 2026/27", max_length=40)),
                ("start", models.DateField()),
                ("end", models.DateField(help_text="The first day after")),
                ("characteristic", models.CharField(blank=True, max_length=30)),
                ("group", models.CharField(blank=True, max_length=60)),
                ("value", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "better",
                    models.CharField(choices=[("higher", "At least this"), ("lower", "At most this")], max_length=6),
                ),
                ("due_on", models.DateField()),
                ("by_autumn", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("by_spring", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("set_on", models.DateField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorities.authority"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        blank=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="the_period_of_a_target_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("characteristic", ""), ("group", "")),
                            models.Q(("characteristic", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="the_group_of_a_target_is_of_a_characteristic",
                    ),
                    models.UniqueConstraint(
                        fields=("authority", "measure", "start", "end", "characteristic", "group"),
                        name="one_target_of_a_measure_group_and_period",
                    ),
                ],
            },
        ),
    ]
