from django.db import migrations, models

import onroll.access.encryption


class Migration(migrations.Migration):
    dependencies = [("children", "0010_who_decided_may_be_empty")]

    operations = [
        migrations.AddField(
            model_name="sealedopening",
            name="record",
            field=onroll.access.encryption.EncryptedTextField(
                blank=True,
                default="",
                help_text="Its public id. Nothing of the new one",
                verbose_name="The closed record",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sealedopening",
            name="until",
            field=models.DateTimeField(
                blank=True, help_text="From this moment on the record is closed again", null=True
            ),
        ),
        migrations.AlterField(
            model_name="sealedopening",
            name="found",
            field=models.BooleanField(verbose_name="A record was found"),
        ),
    ]
