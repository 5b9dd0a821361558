"""How a person agreed: an agreement is as good as the record of it."""

from __future__ import annotations

from fairdue.core.codes import Code


class Consent(Code):
    """How consent was given, and where the proof of it is."""

    RECORDED_CALL = (0, "录音电话中同意", "On a recorded call")
    SIGNED = (1, "签字", "Signed")
    PORTAL = (2, "自助渠道确认", "Confirmed online")
    IN_WRITING = (3, "书面（邮件、短信）同意", "In writing (mail, message)")
