from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authorities", "0007_logos")]

    operations = [
        migrations.AddField(
            model_name="authority",
            name="small_number_threshold",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="Published statistics hide 1 to 5. What has to be hidden with them, so that nobody can "
                "subtract, follows from it",
                verbose_name="Largest number that is hidden outside the virtual school",
            ),
        ),
        migrations.AddField(
            model_name="authority",
            name="near_points",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="A percentage that misses its target by no more than this is near, and by more is off track",
                verbose_name="Percentage points from the target that count as near",
            ),
        ),
        migrations.AddField(
            model_name="authority",
            name="near_share",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="A count, an amount or a number of days that misses its target by no more than this is near",
                verbose_name="Percent of the target that counts as near",
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=models.Q(("small_number_threshold__gte", 5)), name="one_to_five_are_always_hidden"
            ),
        ),
    ]
