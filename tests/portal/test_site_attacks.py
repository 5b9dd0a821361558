"""The attacker's list: enumeration, replay, other people's rows, bombs, redirects, forged forms, scripts, frames, caches."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches

import cast
from fairdue.store.models import Case, Invitation, Track, TrackEvidence
from fairdue.web.portal import files
from fairdue.web.portal.views.saying import SUBJECTS
from fairdue.web.sites import desk as desk_site
from person import Person
from visiting import Visitor, facts, invited, png
from worlds import World

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


def brought(visitor: Visitor, *given: SimpleUploadedFile) -> HttpResponse:
    return visitor.client.post("/receipt/", {"words": "paid", "files": list(given)})  # type: ignore[return-value]


def test_a_good_picture_is_taken(case: Case) -> None:
    assert brought(Visitor().come_in(case), SimpleUploadedFile("a.png", png(100, 100))).status_code == 302
    assert TrackEvidence.objects.filter(file_size__gt=0).count() == 1


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("zeros", b"\0" * 50_000_000)
    return out.getvalue()


BAD = {
    "zip": ("a.zip", bomb()), "pixels": ("a.png", png(60_000, 60_000)), "svg": ("a.svg", b"<svg onload='x'/>"),
    "html-as-pdf": ("a.pdf", b"<html><script>alert(1)</script>"), "exe-as-jpg": ("a.jpg", b"MZ\x90\0" + b"\0" * 400),
    "empty": ("a.png", b""),
    "postscript": ("a.html", b"%!PS-Adobe"), "broken-jpg": ("a.jpg", b"\xff\xd8\xff\xe0" + b"\xff" * 600),
    "large": ("big.pdf", b"%PDF-1.7" + b"0" * (files.LARGEST + 1)),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content"), list(BAD.values()), ids=list(BAD))
def test_what_bursts_or_runs_is_not_taken(case: Case, name: str, content: bytes) -> None:
    answer = brought(Visitor().come_in(case), SimpleUploadedFile(name, content))
    assert answer.status_code in {302, 422}
    assert not TrackEvidence.objects.filter(file_size__gt=0).exists()
    assert content == b"" or not Track.objects.exists()  # nothing is half done


def test_too_many_files_and_too_much_altogether_are_refused(case: Case) -> None:
    visitor = Visitor().come_in(case)
    many = [SimpleUploadedFile(f"{n}.png", png(1, 1)) for n in range(6)]
    assert brought(visitor, *many).status_code in {400, 422}
    with override_settings(UPLOAD_LIMIT=1000):
        assert brought(visitor, SimpleUploadedFile("a.png", png(1, 1) + b"\0" * 2000)).status_code == 422
    assert not TrackEvidence.objects.filter(file_size__gt=0).exists()


def test_a_form_that_is_too_large_is_refused(case: Case) -> None:
    assert Visitor().come_in(case).client.post("/feedback/", {"words": "x" * 400_000}).status_code == 400


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "a\\b\\c.png", "<b>.png", "a\r\nSet-Cookie: x=1.png", "." * 300 + ".png"]
)
def test_a_name_of_a_file_does_nothing(case: Case, name: str) -> None:
    brought(Visitor().come_in(case), SimpleUploadedFile(name, png(2, 2)))
    for kept in TrackEvidence.objects.filter(file_size__gt=0):
        assert not re.search(r'[<>:"/\\|?*\r\n]', kept.file_name)
        assert kept.file_name.endswith(".png")


ELSEWHERE = (
    "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "http:///elsewhere.example",
    "\thttps://elsewhere.example",
)  # fmt: skip


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_form_leads_elsewhere(desk: World, there: str) -> None:
    for address in ("/language/", "/look/"):
        assert (
            Visitor().client.post(address, {"language": "en", "theme": "dark", "back": there}).headers["Location"]
            == "/"
        )


def test_a_form_of_another_site_is_refused(case: Case) -> None:
    visitor = Visitor().come_in(case)
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = visitor.client.cookies
    for address in (
        "/day/",
        "/feedback/",
        "/settings/",
        "/leave/",
        "/data/file/",
        "/transfer/",
        "/budget/",
        "/check/",
        "/code/",
    ):
        answer = forged.post(address, {"words": "x"}, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 403, address
    assert not Track.objects.exists()


@pytest.mark.parametrize("name", [n for n, s in SUBJECTS.items()])
def test_a_script_in_a_field_is_text_here_and_on_the_desk(case: Case, name: str) -> None:
    visitor = Visitor().come_in(case)
    visitor.post(f"/{name}/", words=SCRIPT, about=SCRIPT[:30])
    visitor.post("/settings/", word=SCRIPT[:20])
    visitor.post("/calls/check/", number=SCRIPT[:30])
    for address in ("/", f"/{name}/", "/settings/", "/calls/"):
        assert "<script" not in visitor.get(address)
    shown = [f"/cases/{case.pk}/", "/tasks/", *(f"/tracks/{t.pk}/" for t in Track.objects.all())]
    wanted = (
        "ROOT_URLCONF",
        "MIDDLEWARE",
        "TEMPLATES",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_NAME",
        "SECRET_KEY",
        "MESSAGE_STORAGE",
    )
    names = {name: getattr(desk_site, name) for name in wanted}
    with override_settings(**names, LANGUAGE_COOKIE_NAME="django_language"):
        clear_url_caches()
        seen = ""
        for address in shown:
            for username in (cast.COLLECTOR, cast.OFFICER):
                answer = Person(username).client.get(address)
                assert b"<script>alert" not in answer.content, address
                assert b"onerror=alert(2)>" not in answer.content.replace(b"&gt;", b""), address
                seen += answer.content.decode()
    assert ESCAPED in seen
    clear_url_caches()


def test_links_cannot_be_replayed_or_counted_through(case: Case) -> None:
    made = invited(case)
    first = Visitor()
    first.open(made)
    assert first.tell(facts(case)).status_code == 302
    assert first.client.get(f"/i/{made.link}/").status_code == 302  # opening it again ends the visit
    assert first.client.get("/account/").status_code == 302
    assert first.tell(facts(case)).status_code == 422
    assert Invitation.objects.filter(used_at__gte=0).count() == 1
    assert not any(str(made.invitation.pk) == part for part in made.link.split("-"))


def test_a_session_that_was_planted_is_worth_nothing(case: Case) -> None:
    attacker = Visitor()
    attacker.client.get("/i/abc/")
    planted = attacker.client.cookies["fd_site"].value
    victim = Visitor()
    victim.client.cookies["fd_site"] = planted
    victim.open(invited(case))
    victim.tell(facts(case))
    assert victim.client.cookies["fd_site"].value != planted
    assert attacker.client.get("/account/").status_code == 302


def test_a_session_of_the_desk_opens_nothing_here(case: Case) -> None:
    visitor = Visitor()
    collector = Client()
    collector.force_login(cast.user(cast.COLLECTOR))
    for name in list(collector.cookies):
        visitor.client.cookies["fd_site"] = collector.cookies[name].value
    assert visitor.client.get("/account/").status_code == 302


def test_every_answer_is_framed_cached_and_referred_by_nobody(case: Case) -> None:
    visitor = Visitor().come_in(case)
    for answer in (visitor.client.get("/"), visitor.client.get("/account/"), visitor.client.get("/nowhere/"),
                   Visitor().client.get("/"), Visitor().client.get("/i/abc/"), visitor.client.post("/check/")):  # fmt: skip
        said = answer.headers
        assert "no-store" in said["Cache-Control"]
        assert said["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
        assert "script-src" not in said["Content-Security-Policy"]  # default-src 'none': no script at all
        assert said["Referrer-Policy"] == "same-origin"
        assert said["X-Content-Type-Options"] == "nosniff"
        assert "noindex" in said["X-Robots-Tag"]


def test_cookies_are_the_sites_own_and_closed_to_scripts(case: Case) -> None:
    visitor = Visitor().come_in(case)
    visitor.get("/day/")
    kept = visitor.client.cookies
    assert {"fd_site", "fd_site_csrf"} <= set(kept)
    assert "sessionid" not in kept
    assert kept["fd_site"]["httponly"]
    assert kept["fd_site"]["samesite"] == "Lax"
    assert kept["fd_site_csrf"]["samesite"] == "Strict"


def test_the_title_is_the_same_on_every_page(case: Case) -> None:
    visitor = Visitor("zh-hans").come_in(case)
    for address in ("/", "/account/", "/day/", "/feedback/", "/nowhere/", "/help/"):
        page = visitor.client.get(address).content.decode()
        assert re.findall(r"<title>(.*?)</title>", page) == ["客户服务"]
