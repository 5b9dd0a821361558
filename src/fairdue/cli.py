"""The one command: for people at a prompt and for schedulers. Every command that reports has `--json`."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from fairdue import __version__
from fairdue.commands import Day, areas, django, json_flag, language, lender_option, says_faults
from fairdue.commands import lender as lender_of
from fairdue.commands import progress as progress_of
from fairdue.core.codes import LenderKind, Role


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fairdue")
@click.option("--demo", "in_demo", is_flag=True, help="Work on the demo's data (var/demo).")
def main(*, in_demo: bool) -> None:
    """Overdue-loan collections: firm, fair and provably lawful."""
    if in_demo:
        from fairdue.demo import run

        run.prepare_environment()


@main.command("import")
@click.argument("kind", type=click.Choice(["book", "people", "schedule", "payments"]))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, help="Name of a shipped mapping, or path of a YAML file.")
@click.option("--as-of", type=Day(), help="The date the figures are of. Needed for a book.")
@click.option("--expect-rows", type=int, help="Control total: rows announced by the sender.")
@click.option("--expect-total", type=int, help="Control total: sum of balances in minor units.")
@lender_option
@json_flag
@says_faults
def import_(kind: str, path: Path, mapping: str, as_of: date | None, expect_rows: int | None, expect_total: int | None,
            lender_code: str | None, as_json: bool) -> None:  # fmt: skip
    """Load a file: a loan book, the people around it, payment schedules, or payments.

    Good rows are loaded; the others are written with their reasons to a file that can be mended and loaded again. The
    same file twice changes nothing.
    """
    django()
    from fairdue.jobs import imports

    lender = lender_of(lender_code)
    with progress_of(as_json) as progress:
        loaded = imports.import_file(
            lender, path, mapping, kind=kind, as_of=as_of, actor="cli",
            expected=imports.Expected(expect_rows, expect_total), lang=language(), progress=progress,
        )  # fmt: skip
    click.echo(imports.as_json(loaded) if as_json else imports.as_text(loaded, language()))


@main.command()
@click.option("--as-of", type=Day(), required=True, help="The business date.")
@click.option("--dry-run", is_flag=True, help="Go the whole way and roll back.")
@lender_option
@json_flag
@says_faults
def night(as_of: date, dry_run: bool, lender_code: str | None, as_json: bool) -> None:
    """Accrue, age, stage, segment, guard, decide, assign and make the lists of a day. Resumes if it was killed."""
    django()
    from fairdue.jobs import night as job

    with progress_of(as_json) as progress:
        done = job.run_night(lender_of(lender_code), as_of, actor="cli", dry_run=dry_run, progress=progress)
    click.echo(job.as_json(done) if as_json else job.as_text(done, language()))


@main.command()
@click.argument("case")
@click.option("--on", "moment", required=True, help="Local date and time, such as 2026-09-30T23:00.")
@json_flag
@says_faults
def explain(case: str, moment: str, as_json: bool) -> None:
    """Why: facts, guard and decision about a case (its number or the customer's reference), from the stored record."""
    django()
    from fairdue.store.pages import explain as page

    found = page.explain(case, datetime.fromisoformat(moment))
    click.echo(page.as_json(found) if as_json else page.as_text(found, language()))


@main.command()
@click.argument("account")
@click.option("--from", "starts", type=Day(), required=True, help="First day that does not age the account.")
@click.option("--until", "ends", type=Day(), required=True, help="First day that ages it again.")
@click.option("--reason", required=True, help="Why; kept in the audit trail.")
@lender_option
@says_faults
def pause(account: str, starts: date, ends: date, reason: str, lender_code: str | None) -> None:
    """Keep days from ageing an account, also after the fact; the next night reckons with it."""
    django()
    from fairdue.store.actions import pauses

    made = pauses.pause("cli", pauses.find_account(lender_of(lender_code), account), starts, ends, reason)
    click.echo(f"{account}: {made.starts_on} – {made.ends_on}")


@main.group()
def payment() -> None:
    """Payments on the ledger; they come in by `fairdue import payments`."""


@payment.command("reverse")
@click.argument("account")
@click.argument("reference")
@click.option("--on", "on", type=Day(), required=True, help="Value date of the reversal.")
@click.option("--reason", required=True, help="Why; kept in the audit trail.")
@lender_option
@says_faults
def payment_reverse(account: str, reference: str, on: date, reason: str, lender_code: str | None) -> None:
    """Undo a payment by its mirror; the payment itself stays on the statement."""
    django()
    from fairdue.store.actions import ledger, pauses

    rows = ledger.reverse_payment("cli", pauses.find_account(lender_of(lender_code), account), reference, reason, on)
    click.echo(f"{account}: {len(rows)}")


@main.command()
@says_faults
def migrate() -> None:
    """Bring the database up to date. Run it once after installing and after every upgrade."""
    django()
    from django.core.management import call_command

    Path(os.environ.get("FAIRDUE_HOME", "var/fairdue")).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=1)


@main.group()
def lender() -> None:
    """Lenders whose books are worked."""


@lender.command("add")
@click.argument("code")
@click.option("--name-zh", required=True)
@click.option("--name-en", required=True)
@click.option("--kind", type=click.Choice([k.name for k in LenderKind], case_sensitive=False), default="BANK")
@click.option("--association-member/--not-association-member", default=None, help="Member of the banking association.")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217.")
@click.option("--exponent", default=2, show_default=True, help="Decimals of its amounts.")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="IANA time zone.")
@click.option("--pack", default="cn", show_default=True, help="Law pack.")
@click.option("--policy", default="", help="The lender's own, stricter policy.")
@click.option("--strategy", default="cn", show_default=True)
@click.option("--floor", "floor_minor", default=0, help="Arrears up to this amount (minor units) open no case.")
@click.option("--list-length", default=120, show_default=True, help="Places on one collector's list for a day.")
@click.option("--records-calls/--does-not-record-calls", default=None, help="Every call and visit is recorded.")
@click.option("--owns-ledger", is_flag=True, help="Our ledger is the truth; else the lender's balances are.")
@says_faults
def lender_add(code: str, kind: str, **columns: Any) -> None:
    """Add a lender."""
    django()
    from fairdue.store.actions import setup

    made = setup.add_lender("cli", code, lender_kind=LenderKind[kind.upper()], **columns)
    click.echo(f"{made.code}: {made.name_zh} / {made.name_en}")


@lender.command("recording")
@click.option("--on/--off", "recorded", required=True, help="Every call and visit is recorded, or not.")
@lender_option
@says_faults
def lender_recording(lender_code: str | None, *, recorded: bool) -> None:
    """Say whether the lender records every call and visit."""
    django()
    from fairdue.store.actions import setup

    setup.record_calls("cli", lender_of(lender_code), recorded=recorded)


@main.group()
def user() -> None:
    """People who log in to the desk."""


@user.command("add")
@click.argument("username")
@click.option("--role", type=click.Choice([r.name for r in Role], case_sensitive=False), required=True)
@click.option("--name", default="", help="The name shown and said to borrowers.")
@click.option("--team", default="")
@click.option("--certified", is_flag=True, help="Trained and examined: may contact borrowers.")
@click.option("--exam-on", type=Day(), help="Day of the last exam passed; it holds for twelve months.")
@click.password_option()
@lender_option
@says_faults
def user_add(
    username: str,
    role: str,
    name: str,
    team: str,
    password: str,
    lender_code: str | None,
    exam_on: date | None,
    *,
    certified: bool,
) -> None:
    """Add a user; the password is asked for and never echoed."""
    django()
    from fairdue.store.actions import setup

    setup.add_user("cli", username, password, lender_of(lender_code), Role[role.upper()], name=name, team=team,
                   certified=certified, exam_on=exam_on)  # fmt: skip
    click.echo(username)


@user.command("exam")
@click.argument("username")
@click.option("--on", type=Day(), required=True, help="Day on which it was passed; it holds for twelve months.")
@lender_option
@says_faults
def user_exam(username: str, on: date, lender_code: str | None) -> None:
    """Record an exam a collector passed; it is also the certificate."""
    django()
    from fairdue.store.actions import setup

    setup.record_exam("cli", username, lender_of(lender_code), on)
    click.echo(username)


@main.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8050)
@click.option(
    "--site", type=click.Choice(["desk", "portal"]), default="desk", help="The desk, or the customers' own site."
)
@click.option("--workers", type=click.IntRange(1), help="Processes that answer; two for each processor unless told.")
@says_faults
def serve(host: str, port: int, site: str, workers: int | None) -> None:
    """Serve the desk, or the customers' own site."""
    os.environ["DJANGO_SETTINGS_MODULE"] = f"fairdue.web.sites.{site}"
    from fairdue.web.serve import serve as run

    django()
    run(host, port, site, workers)


@main.command()
@click.option("--port", default=8050)
@click.option("--no-serve", is_flag=True, help="Load and run the night, then stop.")
@says_faults
def demo(port: int, no_serve: bool) -> None:
    """A real card book, a small invented bank, one login per persona: loaded, worked and served on 127.0.0.1."""
    from fairdue.demo import run

    run.prepare_environment(port)
    django()
    run.run(port, serve=not no_serve, lang=language())


for _area in areas():
    for _command in _area.COMMANDS:
        main.add_command(_command)


if __name__ == "__main__":
    main()
