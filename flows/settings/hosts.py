"""Tracker hosts that the settings and the kinds name, with their logins."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.settings.environment import SecretRefused, secret, secret_file
from flows.settings.sections import HostSettings
from miners.tracker.address import AppKey, Host
from miners.tracker.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flows.settings.settings import Settings


@dataclass(frozen=True, kw_only=True)
class KnownHost:
    """A host, the origin of its login, and what to set if there is none."""

    host: Host
    is_configured: bool
    login: str | None = None
    to_set: str = ""
    refusal: SecretRefused | None = None

    @property
    def has_login(self) -> bool:
        return self.host.token is not None or self.host.app is not None

    @property
    def prefix(self) -> str:
        """Return the path of the host below which its repositories are; empty for the root."""
        path = urlsplit(self.host.api).path.removesuffix(KINDS[self.host.kind].api_path)
        return f"{path.strip('/')}/".lstrip("/")


def known_hosts(settings: Settings, base: Path) -> dict[str, KnownHost]:
    """
    Return the hosts by name; an entry of the settings replaces a built-in host.

    Shape:   a host whose secret cannot be used has the refusal, for the sources that need it.
    """
    public = {
        kind.public_host: (HostSettings(name=kind.public_host, kind=name), kind.token_variables)
        for name, kind in KINDS.items()
        if kind.public_host
    }
    hosts = {
        name: _known_host(entry, base, names, False) for name, (entry, names) in public.items()
    }
    for entry in settings.hosts:
        _, names = public.get(entry.name, (entry, ()))
        hosts[entry.name] = _known_host(entry, base, names, True)
    return hosts


def host_of(
    hosts: Mapping[str, KnownHost], identity: str, protocol: str
) -> tuple[KnownHost, str] | None:
    """Return the host of a repository's address and the repository's path there."""
    name, _, path = identity.partition("/")
    known_host = _by_ssh(hosts, name) if protocol == "ssh" else hosts.get(name.removesuffix(":443"))
    if known_host is None or protocol == "file":
        return None
    return known_host, path.removeprefix(known_host.prefix)


def can_be_repository(known_host: KnownHost, path: str) -> bool:
    """Return whether a path at a host can be that of a repository."""
    return KINDS[known_host.host.kind].is_repository(path)


def usable_token(token: str, where: str) -> str:
    """
    Return a token without the space around it, if a header can contain it.

    Errors:  SecretRefused, without the token.
    """
    token = token.strip()
    if not re.fullmatch(r"[!-~]+", token):
        problem = f"the token in {where} is empty or has characters that no token has"
        raise SecretRefused(problem, "Put the token alone on one line there")
    return token


def _by_ssh(hosts: Mapping[str, KnownHost], name: str) -> KnownHost | None:
    """Return a host without comparing ports: the port of ssh is not that of the API."""
    bare = name.partition(":")[0]
    names = {name: kind.public_host for kind in KINDS.values() for name in kind.ssh_hosts}
    bare = names.get(bare) or bare
    others = (
        known_host
        for known_host in hosts.values()
        if known_host.host.name.partition(":")[0] == bare
    )
    return hosts.get(bare) or next(others, None)


def _known_host(
    entry: HostSettings, base: Path, built_in: tuple[str, ...], is_configured: bool
) -> KnownHost:
    api = entry.api or KINDS[entry.kind].default_api(entry.name)
    try:
        ca_file = _certificates(base / entry.ca_file) if entry.ca_file else None
        token, app, login = _login(entry, base, built_in)
    except SecretRefused as refusal:
        host = Host(name=entry.name, kind=entry.kind, api=api)
        return KnownHost(host=host, is_configured=is_configured, refusal=refusal)
    host = Host(name=entry.name, kind=entry.kind, api=api, token=token, app=app, ca_file=ca_file)
    return KnownHost(
        host=host, is_configured=is_configured, login=login, to_set=_to_set(entry, built_in)
    )


def _login(
    entry: HostSettings, base: Path, built_in: tuple[str, ...]
) -> tuple[str | None, AppKey | None, str | None]:
    if entry.app_id is not None and entry.private_key_file is not None:
        title = KINDS[entry.kind].title
        key = _private_key(base / entry.private_key_file, title)
        app = AppKey(str(entry.app_id), key, entry.installation_id)
        return None, app, f"{title} App {entry.app_id}"
    if entry.token_file is not None:
        text = secret_file("token_file", base / entry.token_file)
        return usable_token(text, "token_file"), None, "token_file"
    for name in _variables(entry, built_in):
        if token := secret(name):
            return usable_token(token, f"${name}"), None, f"${name}"
    return None, None, None


def _private_key(path: Path, title: str) -> str:
    text = secret_file("private_key_file", path)
    if "PRIVATE KEY-----" not in text:
        remedy = f"Name the .pem file that {title} made for the app"
        raise SecretRefused("private_key_file has no private key", remedy)
    return text


def _variables(entry: HostSettings, built_in: tuple[str, ...]) -> tuple[str, ...]:
    return (entry.token_env,) if entry.token_env else built_in


def _to_set(entry: HostSettings, built_in: tuple[str, ...]) -> str:
    names = _variables(entry, built_in)
    if names:
        return f"Put one into ${' or $'.join(names)}"
    return "Name token_env or token_file in its [[hosts]] entry"


def _certificates(path: Path) -> Path:
    """
    Raise for a file without certificates, before any request is sent.

    Errors:  SecretRefused.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ssl.SSLError) as error:
        problem = f"ca_file: {path} is not a file of certificates ({error.strerror or error})"
        raise SecretRefused(problem, "Name the PEM file of the authority") from None
    return path
