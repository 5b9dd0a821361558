"""Finds who is one human under several customer numbers, and which rows hold one number: they are locked and counted together."""

from __future__ import annotations

from django.db import connection

from fairdue.store.models import Point

_HUMANS = """
UPDATE person SET human = g.low FROM (
  SELECT id_index, MIN(id) AS low FROM person WHERE lender_id = %(lender)s AND id_index <> ''
  AND id_index IN (SELECT id_index FROM "{stage}") GROUP BY id_index HAVING COUNT(*) > 1
) g WHERE person.lender_id = %(lender)s AND person.id_index = g.id_index AND person.human IS DISTINCT FROM g.low
"""
_NUMBERS = """
UPDATE point SET number = g.low FROM (
  SELECT t.channel, t.value_index, MIN(t.id) AS low FROM point t JOIN person p ON p.id = t.person_id
  WHERE p.lender_id = %(lender)s AND t.value_index IN (SELECT phone_index FROM "{stage}")
  GROUP BY t.channel, t.value_index HAVING COUNT(*) > 1
) g, person q WHERE q.id = point.person_id AND q.lender_id = %(lender)s AND point.channel = g.channel
AND point.value_index = g.value_index AND point.number IS DISTINCT FROM g.low
"""


def join(lender_id: int, stage: str) -> None:
    """Join the people and numbers of a staged file to those that are the same; inside the caller's transaction."""
    with connection.cursor() as cursor:
        for sql in (_HUMANS, _NUMBERS):
            cursor.execute(sql.format(stage=stage), {"lender": lender_id})


def same_number(point: Point) -> None:
    """Join a number that was added by hand to those that are the same at its lender; inside the caller's transaction."""
    mine = Point.objects.filter(
        person__lender=point.person.lender_id, channel=point.channel, value_index=point.value_index
    ).order_by("pk")
    ids = list(mine.values_list("pk", flat=True))
    if len(ids) > 1:
        mine.update(number=ids[0])
