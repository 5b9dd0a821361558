"""Click-to-dial through SIP: our side rings the collector's phone and, when they answer, refers it to the number.

Third-party call control by REFER (RFC 3261, RFC 3515): what the server tells about the second leg comes back by NOTIFY.
This folder carries calls, not messages, so it is no sender; which number may be dialled, and whether still, is asked of the
caller at the moment the number leaves.
"""

from __future__ import annotations

from fairdue.connectors.sip.agent import Ended, Ends, Moment, Phone, click_to_dial

__all__ = ["Ended", "Ends", "Moment", "Phone", "click_to_dial"]
