import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authorities", "0006_domains_that_one_person_may_invite")]

    operations = [
        migrations.CreateModel(
            name="Logo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("png", models.TextField(help_text="A PNG, as base64")),
                ("width", models.PositiveSmallIntegerField(help_text="In pixels")),
                ("height", models.PositiveSmallIntegerField(help_text="In pixels")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="authorities.authority"
                    ),
                ),
            ],
        ),
    ]
