"""The conversation: facts learned, the lender's own promises, steps of a talk, and promises judged by terms of their own."""

import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


TABLES = ("case_fact", "talk_step")  # what was learned and said cannot be rewritten, see 0002


def protect(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_rewrite()"
            )
            continue
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            continue
        for event in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{event}")


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0003_integrity'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='identity_at',
            field=models.BigIntegerField(default=-1, help_text="When the person's identity was confirmed; -1: it was not."),
        ),
        migrations.AddField(
            model_name='case',
            name='aim_row',
            field=models.SmallIntegerField(db_default=-1, default=-1, help_text="Row of the aims' table; -1: no row."),
        ),
        migrations.AddField(
            model_name='promise',
            name='grace_days',
            field=models.SmallIntegerField(default=3),
        ),
        migrations.AddField(
            model_name='promise',
            name='judged_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='promise',
            name='paid',
            field=models.BigIntegerField(default=0, help_text='What counted for it when it was last judged.'),
        ),
        migrations.AddField(
            model_name='promise',
            name='pay_by',
            field=models.SmallIntegerField(choices=[(0, "Lender's app"), (1, 'Transfer to the repayment account'), (2, 'Direct debit'), (3, 'Branch counter'), (4, 'Other way')], default=-1),
        ),
        migrations.AddField(
            model_name='promise',
            name='remind',
            field=models.BooleanField(default=False, help_text='The person asked to be reminded before the day.'),
        ),
        migrations.AddField(
            model_name='promise',
            name='superseded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supersedes', to='store.promise'),
        ),
        migrations.AddField(
            model_name='promise',
            name='threshold_ppm',
            field=models.IntegerField(default=1000000),
        ),
        migrations.CreateModel(
            name='CaseFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('value', models.CharField(max_length=300)),
                ('source', models.SmallIntegerField(choices=[(0, 'Told by the borrower'), (1, 'Told by a third person'), (2, 'From a document'), (3, "From the lender's records"), (4, 'Observed by the collector')])),
                ('sure', models.SmallIntegerField(choices=[(0, 'Said'), (1, 'Supported by a document'), (2, 'Checked')])),
                ('on', models.DateField(help_text="The day it was learned, at the lender's place.")),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='store.attempt')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='store.case')),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='store.casefact')),
            ],
            options={
                'db_table': 'case_fact',
                'indexes': [models.Index(fields=['case', 'name'], name='case_fact_name')],
            },
        ),
        migrations.CreateModel(
            name='OwnPromise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SmallIntegerField(choices=[(0, 'Call back'), (1, 'Correct the account'), (2, 'Apply for the waiver'), (3, 'Send a document'), (4, 'Answer a question')])),
                ('text', models.CharField(default='', max_length=300)),
                ('made_at', models.BigIntegerField(help_text='Minutes since 1970-01-01T00:00Z.')),
                ('due_at', models.BigIntegerField()),
                ('done_at', models.BigIntegerField(default=-1)),
                ('done_text', models.CharField(default='', max_length=300)),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_promises', to='store.attempt')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_promises', to='store.case')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_promises', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'own_promise',
                'indexes': [models.Index(fields=['owner', 'done_at'], name='own_promise_owner')],
            },
        ),
        migrations.CreateModel(
            name='TalkStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.SmallIntegerField()),
                ('node', models.CharField(max_length=30)),
                ('answer', models.CharField(max_length=30)),
                ('to', models.CharField(default='', help_text='The node it led to; empty: the talk stayed where it was.', max_length=30)),
                ('at', models.BigIntegerField()),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='store.attempt')),
            ],
            options={
                'db_table': 'talk_step',
                'constraints': [models.UniqueConstraint(fields=('attempt', 'number'), name='talk_step_once')],
            },
        ),
        migrations.RunPython(protect, release),
    ]
