"""Validators of hosts, addresses, branches and patterns in settings."""

from __future__ import annotations

import re

from miners.address import split_url
from miners.git.address import LOOPBACK
from warehouse.rules import expression_problem


def host_name(name: str) -> str:
    """Return the name of a host in lower case; an address is refused."""
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", name):
        raise ValueError("write the host as in its addresses, such as git.example.com or host:8443")
    return name.lower()


def api_address(url: str) -> str:
    """Return the address of an API without a slash at its end."""
    parts = split_url(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("write the whole address, such as https://git.example.com/api/v4")
    if parts.username or parts.password or parts.query:
        raise ValueError("the address has credentials or parameters; use token_env instead")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("http sends the token in the clear; use https")
    return url.rstrip("/")


def branch_name(name: str) -> str:
    """Return the short name of a branch."""
    if not name or name.startswith("refs/"):
        raise ValueError("write the name of a branch without refs/heads/, such as main")
    return name


def expression(pattern: str) -> str:
    """Return a pattern that is a regular expression."""
    if problem := expression_problem(pattern):
        raise ValueError(problem)
    return pattern
