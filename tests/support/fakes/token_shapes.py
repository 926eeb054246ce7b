"""Tokens of all shapes, none of them real."""

from __future__ import annotations

import base64
import random
import string


def shapes(seed):
    """Make tokens as hosts make them, and some that nobody makes."""
    chance = random.Random(seed)
    letters = string.ascii_letters + string.digits
    body = "".join(chance.choices(letters, k=chance.randint(20, 80)))
    return [
        f"ghp_{body}",
        f"github_pat_{body}_{body}",
        f"glpat-{body[:20]}",
        f"ghs_{body}",
        chance.randbytes(20).hex(),
        body.upper() + "=",
        base64.b64encode(body.encode()).decode(),
        f"eyJ{body}.{body}.{body}",
        f"{body[:8]}-{body[8:12]}-{body[12:16]}",
        "".join(chance.choices(string.punctuation.replace('"', "").replace("\\", ""), k=30)) + body,
    ]
