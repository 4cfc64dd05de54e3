from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0005_how_many_children_leave_in_one_file"),
        ("children", "0012_closed_former_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="allocation",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Ended in an emergency at"),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("end__isnull", False), _connector="OR"),
                name="an_allocation_that_ended_at_a_moment_has_an_end",
            ),
        ),
    ]
