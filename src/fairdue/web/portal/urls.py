"""Every address of the customer's site. None says what it is about to somebody who looks over a shoulder."""

from functools import partial

from django.urls import path

from fairdue.web.portal import provider
from fairdue.web.portal.views import budget, data, entry, off, own, pay, saying

handler404 = "fairdue.web.portal.views.entry.missing"
handler500 = "fairdue.web.portal.views.entry.broken"

urlpatterns = [
    path("", entry.start, name="start"),
    path("i/<str:token>/", entry.link, name="link"),
    path("off/<str:key>/", off.off, name="off"),
    path("code/", entry.code, name="code"),
    path("check/", entry.check, name="check"),
    path("not-me/", entry.not_me, name="not-me"),
    path("leave/", entry.leave, name="leave"),
    path("language/", entry.language, name="language"),
    path("look/", entry.look, name="look"),
    path("help/", entry.help_page, name="help"),
    path("account/", own.account, name="account"),
    path("day/", own.day, name="day"),
    path("calls/", own.calls, name="calls"),
    path("calls/check/", own.caller, name="caller"),
    path("settings/", own.wishes, name="wishes"),
    path("transfer/", pay.pay, name="transfer"),
    path("transfer/notify/", pay.notify, name="notify"),
    path("transfer/<str:reference>/", pay.one, name="transfer-one"),
    path("provider/<str:order>/", provider.provider, name="provider"),
    path("budget/", budget.budget, name="budget"),
    path("budget/options/", budget.options, name="options"),
    path("budget/<int:plan_id>/", budget.part, name="part"),
    path("budget/<int:plan_id>/paper/<str:language>/", budget.agreement, name="part-paper"),
    path("budget/<int:plan_id>/days/", budget.days, name="part-days"),
    path("data/", data.data, name="data"),
    path("data/file/", data.take, name="data-file"),
    path("paper/", data.paper, name="paper"),
    path("paper/<int:certificate_id>/<str:language>/", data.paper_file, name="paper-file"),
    path("paper/check/", data.verify, name="verify"),
    path("paper/check/<str:code>/", data.verify, name="verify-code"),
    path("done/", own.finished, name="done"),
    *(path(f"{name}/", partial(saying.subject, name=name), name=name) for name in saying.SUBJECTS),
]
