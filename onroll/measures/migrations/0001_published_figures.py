import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("authorities", "0008_small_numbers_and_what_is_near_a_target")]

    operations = [
        migrations.CreateModel(
            name="PublishedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=60)),
                ("group", models.CharField(max_length=30)),
                (
                    "level",
                    models.CharField(
                        choices=[("england", "England"), ("region", "Region"), ("authority", "Local authority")],
                        max_length=9,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="A region’s name, or an authority’s three digits", max_length=40
                    ),
                ),
                ("year", models.CharField(max_length=7)),
                ("value", models.DecimalField(decimal_places=8, max_digits=20, null=True, blank=True)),
                (
                    "marker",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("c", "hidden, because the numbers are small"),
                            ("x", "not available"),
                            ("z", "not applicable"),
                            ("k", "rounds to zero and is not"),
                            ("low", "low"),
                            ("-", "hidden or not available"),
                        ],
                        max_length=3,
                    ),
                ),
                ("part", models.DecimalField(decimal_places=8, max_digits=20, null=True, blank=True)),
                ("whole", models.DecimalField(decimal_places=8, max_digits=20, null=True, blank=True)),
                ("provisional", models.BooleanField(default=False)),
                (
                    "confidential_until",
                    models.DateField(help_text="The first day on which it may be shown outside", null=True, blank=True),
                ),
                ("release", models.CharField(max_length=100)),
                ("released_on", models.DateField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorities.authority"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "measure", "group", "level", "place", "year"),
                        name="one_published_figure_of_a_group_place_and_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("marker", ""), ("value__isnull", False)),
                            models.Q(("value__isnull", True), models.Q(("marker", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_published_figure_has_a_value_or_says_why_not",
                    ),
                ],
            },
        ),
    ]
