"""Mails as post offices, mail programs and people really make them, about a message of ours: the key is put into them."""

from __future__ import annotations

from email.message import EmailMessage

OURS = "bank@example.com"
EXIM = """Return-path: <>
Received: from mail by mx.example.net with local (Exim 4.96) id 1sVxyz-0001Ab-2c; Wed, 30 Sep 2026 10:00:03 +0800
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: bounces+{key}@example.com
Content-Type: multipart/report; report-type=delivery-status; boundary=1727661603-eximdsn-1
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1sVxyz-0001Ab-2c@mx.example.net>
Date: Wed, 30 Sep 2026 10:00:03 +0800

--1727661603-eximdsn-1
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    host mx.example.net [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    {diagnostic}

--1727661603-eximdsn-1
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Action: {action}
Final-Recipient: rfc822;{to}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; {diagnostic}

--1727661603-eximdsn-1
Content-type: message/rfc822

Return-path: <bounces@example.com>
Message-ID: <{key}@example.com>
From: Bank <bank@example.com>
To: {to}
Subject: Notice

The text.

--1727661603-eximdsn-1--
"""
POSTFIX_HEAD_ONLY = """Return-Path: <>
Date: Wed, 30 Sep 2026 10:00:00 +0800 (CST)
From: MAILER-DAEMON@mail.example.com (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bank@example.com
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="8F2D1C0123.1727661600/mail.example.com"
Message-Id: <20260930020000.9A1B2C0456@mail.example.com>

--8F2D1C0123.1727661600/mail.example.com
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example.com.

--8F2D1C0123.1727661600/mail.example.com
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com
X-Postfix-Queue-ID: 8F2D1C0123
Arrival-Date: Wed, 30 Sep 2026 09:59:58 +0800 (CST)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--8F2D1C0123.1727661600/mail.example.com
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Bank <bank@example.com>
To: {to}
Subject: Notice
Message-ID: <{key}@example.com>

--8F2D1C0123.1727661600/mail.example.com--
"""
QMAIL_WORDS = """Return-Path: <>
From: MAILER-DAEMON@old.example.net
To: bounces+{key}@example.com
Date: 30 Sep 2026 02:00:07 -0000
Message-ID: <qmail-1@old.example.net>
Subject: failure notice

Hi. This is the qmail-send program at old.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
Sorry, no mailbox here by that name. (#{status})
"""
RECEIPT = """From: {to}
To: replies+{key}@example.com
Subject: Read: Notice
Message-ID: <mdn-1@example.net>
Date: Wed, 30 Sep 2026 10:20:00 +0800
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="mdn"

--mdn
Content-Type: text/plain

Your message was {what}.

--mdn
Content-Type: message/disposition-notification

Reporting-UA: example.net; Mail 1
Final-Recipient: rfc822;{to}
Original-Message-ID: <{key}@example.com>
Disposition: manual-action/MDN-sent-manually; {what}

--mdn--
"""
AWAY = """From: {to}
To: replies+{key}@example.com
Subject: Automatic reply: Notice
Message-ID: <away-1@example.net>
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

STOP! I am on holiday and will stop reading mail until Monday.
"""


def bounce(key: str, status: str, *, form: str = EXIM, action: str = "failed", to: str = "gone@example.net") -> bytes:
    """A report of a post office."""
    diagnostic = f"550 {status} as it says"
    return form.format(key=key, status=status, action=action, to=to, diagnostic=diagnostic).encode()


def receipt(key: str, what: str = "displayed", to: str = "a@example.net") -> bytes:
    """A report of a mail program."""
    return RECEIPT.format(key=key, what=what, to=to).encode()


def away(key: str, to: str = "a@example.net") -> bytes:
    """Nobody has written this."""
    return AWAY.format(key=key, to=to).encode()


def answer(text: str, *, key: str = "", who: str = "a@example.net", number: str = "1", html: bool = False) -> bytes:
    """A person's answer, with what it answers quoted under it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = who, OURS, "Re: 通知"
    mail["Message-ID"], mail["Date"] = f"<answer-{number}@example.net>", "Wed, 30 Sep 2026 11:00:00 +0800"
    if key:
        mail["In-Reply-To"] = f"<{key}@example.com>"
    if html:
        mail.set_content(
            f"<html><head><style>p {{}}</style></head><p>{text}</p><blockquote>old words</blockquote>", "html"
        )
    else:
        mail.set_content(
            f"{text}\n\nOn Wed, 30 Sep 2026 at 10:00, Bank <bank@example.com> wrote:\n> old words: reply STOP\n"
        )
    return mail.as_bytes()


def unsubscribe(key: str) -> bytes:
    """What a mail program sends for the header we offer."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.net", "stop@example.com", f"TD {key}"
    mail["Message-ID"], mail["Auto-Submitted"] = f"<off-{key}@example.net>", "auto-generated"
    mail.set_content("")
    return mail.as_bytes()
