"""Who we are to a SIP server: digest authentication (RFC 2617, RFC 8760), SHA-256 before MD5 where both are offered."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence

PART = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))')
HASHES = {"SHA-256": "sha256", "SHA-512-256": "sha512_256", "MD5": "md5"}  # the better first


def parts(challenge: str) -> dict[str, str]:
    """The fields of a challenge; empty where it is not Digest."""
    scheme, _, rest = challenge.partition(" ")
    if scheme.casefold() != "digest":
        return {}
    return {name.casefold(): quoted or plain for name, quoted, plain in PART.findall(rest)}


def best(challenges: Sequence[str]) -> dict[str, str] | None:
    """The challenge with the best hash we know; None where there is none we can answer."""
    known = [
        said for said in map(parts, challenges) if said.get("algorithm", "MD5").upper() in HASHES and "nonce" in said
    ]
    order = list(HASHES)
    return min(known, key=lambda said: order.index(said.get("algorithm", "MD5").upper()), default=None)


def answer(
    challenge: dict[str, str], user: str, password: str, method: str, uri: str, *, nonce: str | None = None
) -> str:
    """The value of Authorization. `nonce` is the client's own, where it is not to be drawn."""
    algorithm = challenge.get("algorithm", "MD5").upper()
    realm, server = challenge.get("realm", ""), challenge["nonce"]
    ours = secrets.token_hex(8) if nonce is None else nonce
    first, second = _hash(algorithm, f"{user}:{realm}:{password}"), _hash(algorithm, f"{method}:{uri}")
    fields = {"username": _quoted(user), "realm": _quoted(realm), "nonce": _quoted(server), "uri": _quoted(uri)}
    if "auth" in [one.strip() for one in challenge.get("qop", "").split(",")]:
        response = _hash(algorithm, f"{first}:{server}:00000001:{ours}:auth:{second}")
        fields |= {"cnonce": _quoted(ours), "nc": "00000001", "qop": "auth"}
    else:
        response = _hash(algorithm, f"{first}:{server}:{second}")
    fields |= {"response": _quoted(response), "algorithm": algorithm}
    if "opaque" in challenge:
        fields["opaque"] = _quoted(challenge["opaque"])
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())


def _hash(algorithm: str, text: str) -> str:
    return hashlib.new(HASHES[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
