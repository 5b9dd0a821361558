"""Integrity: one human under several numbers, the past a decision was told, pack texts, the end of the chain, replays."""

import django.db.models.deletion
from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


GENESIS = "0" * 64
HUMANS = """
UPDATE person SET human = g.low FROM (
  SELECT lender_id, id_index, MIN(id) AS low FROM person WHERE id_index <> '' GROUP BY lender_id, id_index HAVING COUNT(*) > 1
) g WHERE person.lender_id = g.lender_id AND person.id_index = g.id_index
"""
NUMBERS = """
UPDATE point SET number = g.low FROM (
  SELECT p.lender_id, t.channel, t.value_index, MIN(t.id) AS low FROM point t JOIN person p ON p.id = t.person_id
  GROUP BY p.lender_id, t.channel, t.value_index HAVING COUNT(*) > 1
) g, person q WHERE q.id = point.person_id AND q.lender_id = g.lender_id AND point.channel = g.channel
AND point.value_index = g.value_index
"""
HEAD = """
INSERT INTO audit_head (id, last_id, digest, rows)
SELECT 1, COALESCE(MAX(id), 0), COALESCE((SELECT digest FROM audit ORDER BY id DESC LIMIT 1), %s), COUNT(*) FROM audit
"""


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(HUMANS, params=None)
    schema_editor.execute(NUMBERS, params=None)
    schema_editor.execute(HEAD, params=[GENESIS])


def protect(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TRIGGER pack_revision_append_only BEFORE UPDATE OR DELETE ON pack_revision "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewrite()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER pack_revision_no_{event.lower()} BEFORE {event} ON pack_revision "
            "BEGIN SELECT RAISE(ABORT, 'pack_revision is append-only'); END"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0006_tracks'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_id', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('rows', models.BigIntegerField()),
            ],
            options={
                'db_table': 'audit_head',
            },
        ),
        migrations.CreateModel(
            name='PackRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('law_revision', models.CharField(help_text='Of the rules of law alone.', max_length=64)),
                ('policy_revision', models.CharField(blank=True, help_text="Of the lender's own rules; empty: none.", max_length=64)),
                ('content', models.TextField(help_text='JSON: every rule with its severity and its file as it was read.')),
                ('kept_at', models.DateTimeField(help_text='Wall clock.')),
            ],
            options={
                'db_table': 'pack_revision',
            },
        ),
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity', models.CharField(db_index=True, help_text='What was asked for.', max_length=64)),
                ('last_id', models.BigIntegerField(help_text='The newest decision there was when it began.')),
                ('position', models.BigIntegerField(default=0)),
                ('checked', models.BigIntegerField(default=0)),
                ('differing', models.BigIntegerField(default=0)),
                ('untold', models.BigIntegerField(default=0, help_text='Decisions that say too little to be re-evaluated.')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'replay',
            },
        ),
        migrations.CreateModel(
            name='ReplayDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.TextField(help_text='JSON: what is stored and what comes out.')),
            ],
            options={
                'db_table': 'replay_difference',
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='recorded_at',
            field=models.BigIntegerField(help_text='When the outcome was recorded; null: no outcome.', null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='history',
            field=models.TextField(help_text='JSON: the past contacts the guard was told; null: not recorded.', null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='request_key',
            field=models.CharField(help_text="The asker's own key: asked twice, answered once.", max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='erased_on',
            field=models.DateField(help_text='Personal data was erased on this day.', null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='human',
            field=models.BigIntegerField(db_index=True, help_text='The same for all rows that are one human (one identity number at one lender); null: nobody else.', null=True),
        ),
        migrations.AddField(
            model_name='point',
            name='number',
            field=models.BigIntegerField(db_index=True, help_text='The same for all rows that hold one number or address at one lender; null: no other row does.', null=True),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('request_key__isnull', False)), fields=('actor', 'request_key'), name='one_answer_per_request'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('kind', 'contact')), fields=['as_of'], name='decision_contact_day'),
        ),
        migrations.AddField(
            model_name='replaydifference',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='store.decision'),
        ),
        migrations.AddField(
            model_name='replaydifference',
            name='replay',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='store.replay'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
