from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_register_of_schools")]

    operations = [
        migrations.AddField(
            model_name="school",
            name="changed_on",
            field=models.DateField(
                blank=True, help_text="When the register last changed it: an older row changes nothing", null=True
            ),
        ),
    ]
