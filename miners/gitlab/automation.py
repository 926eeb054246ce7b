"""Names of GitLab's own automation."""

from __future__ import annotations

# Patterns over logins, and over names in Git, of tokens, services and GitLab itself.
# See docs.gitlab.com/administration/internal_users.
AUTOMATION = (
    "gitlab[- ]ci",
    r"(project|group)_\d+_bot\w*",
    r"service_account(_group_\d+|_project_\d+)?_[0-9a-f]{16,}",
    r"(gitlab-)?(admin|alert|automation|migration|security|support|visual-review)-bot\d*",
)
