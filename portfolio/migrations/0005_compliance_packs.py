
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pmo', '0005_phases_without_gate_columns'),
        ('portfolio', '0004_compliance'),
        ('projects', '0005_lifecycle'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvidencePack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being made'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('cancel_requested', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('file', models.FileField(blank=True, upload_to='packs/%Y/%m/')),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('projects', models.PositiveIntegerField(default=0)),
                ('files', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='projectcompliance',
            name='cells',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='projectcompliance',
            name='late',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='projectcompliance',
            name='as_of',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='projectcompliance',
            name='computed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='projectcompliance',
            index=models.Index(fields=['organisation', 'percent'], name='project_compliance_percent'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pmo.organisation'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='portfolio',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_packs', to='portfolio.portfolio'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_packs', to='projects.project'),
        ),
        migrations.AddConstraint(
            model_name='evidencepack',
            constraint=models.CheckConstraint(condition=models.Q(('project__isnull', True), ('portfolio__isnull', True), _connector='XOR'), name='evidence_pack_of_one_thing'),
        ),
    ]
