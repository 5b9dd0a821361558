"""Every address of the desk. Addresses carry case numbers, never a person."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from fairdue.web.desk.views import compliance, lead, records, session, tasks, tracks, work

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", session.language, name="language"),
    path("theme/", session.theme, name="theme"),
    path("demo/clock/", session.move_clock, name="clock"),
    path("list/", work.worklist, name="list"),
    path("next/", work.get_next, name="next"),
    path("cases/<int:case_id>/", work.case_page, name="case"),
    path("cases/<int:case_id>/statement/", work.statement, name="statement"),
    path("cases/<int:case_id>/contacts/", work.reserve, name="reserve"),
    path("cases/<int:case_id>/contacts/<int:attempt_id>/outcome/", work.record, name="record"),
    path("cases/<int:case_id>/contacts/<int:attempt_id>/release/", work.release, name="release"),
    path("board/", lead.board, name="board"),
    path("board/reassign/", lead.reassign, name="reassign"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/<int:task_id>/", tasks.act, name="task"),
    path("cases/<int:case_id>/tracks/", tracks.open_track, name="track-open"),
    path("clocks/", tracks.clocks, name="clocks"),
    path("tracks/<int:track_id>/", tracks.track_page, name="track"),
    path("tracks/<int:track_id>/step/", tracks.step, name="track-step"),
    path("tracks/<int:track_id>/evidence/<int:evidence_id>/", tracks.evidence_file, name="track-file"),
    path("tracks/<int:track_id>/pack/", tracks.pack, name="track-pack"),
    path("tracks/<int:track_id>/complaint/", tracks.sort_complaint, name="complaint-sort"),
    path("decisions/<int:decision_id>/", compliance.decision, name="decision"),
    path("decisions/<int:decision_id>/replay/", compliance.replay, name="replay"),
    path("decisions/find/", compliance.find, name="find"),
    path("refusals/", compliance.refusals, name="refusals"),
    path("rules/", records.rules, name="rules"),
    path("strategy/", records.strategy, name="strategy"),
    path("batches/", records.batches, name="batches"),
    path("batches/<int:batch_id>/", records.batch, name="batch"),
    path("nights/", records.nights, name="nights"),
]
