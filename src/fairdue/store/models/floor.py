"""The floor: what people have learned, when they work, which cases are shared, and orders that keep, stop or return a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.store.models.casework import Case, Stop
from fairdue.store.models.parties import Organisation
from fairdue.store.models.users import Team, User


class SkillNeed(models.Model):
    """Who works cases of this stage, product or track must have the skill. Without a row no skill is asked for."""

    STAGE, PRODUCT, TRACK = "STAGE", "PRODUCT", "TRACK"

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=30, help_text="A stage, a product or a kind of track.")
    skill = models.CharField(max_length=30)

    class Meta:
        db_table = "skill_need"
        constraints = [models.UniqueConstraint(fields=["lender", "kind", "code", "skill"], name="skill_need_once")]


class StaffSkill(models.Model):
    """A skill somebody showed, from a day and until a day; a newer row goes before an older one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="skills")
    skill = models.CharField(max_length=30)
    since = models.DateField()
    until = models.DateField(null=True, help_text="Last day it holds; null: until it is taken back.")
    given_by = models.CharField(max_length=60)

    class Meta:
        db_table = "staff_skill"
        constraints = [models.UniqueConstraint(fields=["user", "skill"], name="staff_skill_once")]


class Shift(models.Model):
    """The hours somebody works on a day of the week, Monday 0; minutes of the local day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.SmallIntegerField()
    starts = models.SmallIntegerField()
    ends = models.SmallIntegerField()
    breaks = models.SmallIntegerField(default=60, help_text="Minutes of rest within it.")

    class Meta:
        db_table = "shift"
        constraints = [models.UniqueConstraint(fields=["user", "weekday"], name="one_shift_a_day")]


class Absence(models.Model):
    """Days on which somebody does not work. Why in a code only: nobody's illness is written down."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    kind = models.CharField(max_length=10)
    entered_by = models.CharField(max_length=60)
    cancelled_by = models.CharField(max_length=60, default="")

    class Meta:
        db_table = "absence"
        indexes = [models.Index(fields=["user", "last"], name="absence_user_last")]


class TeamDay(models.Model):
    """A day of the team's own calendar: free where its country works, or worked where its country rests."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    works = models.BooleanField(help_text="False: nobody of the team works.")
    note = models.CharField(max_length=100, default="")
    entered_by = models.CharField(max_length=60)

    class Meta:
        db_table = "team_day"
        constraints = [models.UniqueConstraint(fields=["team", "on"], name="team_day_once")]


class Cover(models.Model):
    """A case that is with a colleague while somebody is away, with what else went along; it comes back by itself."""

    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="covers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="covers")
    given_to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")
    words = models.JSONField(default=list, help_text="Promises of our own that went along, by number.")
    tasks = models.JSONField(default=list, help_text="Tasks that went along, by number.")
    since = models.DateField()
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=12, default="", help_text="BACK, MOVED, CLOSED or LEFT.")

    class Meta:
        db_table = "case_cover"
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(ended_on=None), name="one_cover_at_a_time")]


class CaseQueue(models.Model):
    """Cases that belong to nobody yet and go, one at a time, to whoever of a team may work them (empty list: any)."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(max_length=60)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, help_text="Null: every team.")
    stages = models.JSONField(default=list)
    products = models.JSONField(default=list)
    tracks = models.JSONField(default=list)
    skill = models.CharField(max_length=30, default="", help_text="Only who has it serves the queue; empty: anybody.")
    keeps = models.BooleanField(default=True, help_text="Who recorded an outcome keeps the case.")
    position = models.SmallIntegerField(default=0, help_text="A case goes to the first queue that fits.")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "case_queue"
        constraints = [models.UniqueConstraint(fields=["lender", "name"], name="queue_once")]

    def __str__(self) -> str:
        return self.name


class QueuePlace(models.Model):
    """A case in a shared queue. `held_by`: whoever was given it; he owns the case until the hold lapses or ends."""

    queue = models.ForeignKey(CaseQueue, on_delete=models.PROTECT, related_name="places")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="queued")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    rank = models.BigIntegerField(help_text="The greatest is given first.")
    not_before = models.BigIntegerField(default=-1)
    held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    held_until = models.BigIntegerField(default=-1, help_text="Wall clock, utc_minute.")

    class Meta:
        db_table = "queue_place"
        indexes = [
            models.Index(fields=["queue", "-rank"], condition=Q(held_by=None), name="queue_free"),
            models.Index(fields=["held_until"], condition=Q(held_by__isnull=False), name="queue_held"),
        ]


class CaseOrder(models.Model):
    """An order about a case: keep it beyond its return date, stop collecting, or return it to the lender."""

    KEEP, STOP, RETURN = "KEEP", "STOP", "RETURN"
    ASKED, IN_FORCE, REFUSED, UNDONE, EXPIRED = "ASKED", "IN_FORCE", "REFUSED", "UNDONE", "EXPIRED"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default=ASKED)
    until = models.DateField(null=True, help_text="First day on which it does not hold; null: until it is undone.")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=60, default="")
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=300, default="")
    stop = models.ForeignKey(Stop, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict, help_text="Holder, team, agency and return date as they were.")

    class Meta:
        db_table = "case_order"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(state__in=("ASKED", "IN_FORCE")), name="one_order_of_a_kind"
            )
        ]
        indexes = [models.Index(fields=["state", "until"], name="order_until")]
