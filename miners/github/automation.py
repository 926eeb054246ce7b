"""Names of GitHub's own automation, and accounts of AI agents at GitHub."""

from __future__ import annotations

# Accounts of AI agents: the number stays when an account is renamed.
# Source: github.com/chaoss/disclosure, detection/constants.go
_NUMBERS = (
    136622811,  # coderabbitai
    151058649,  # codiumai-pr-agent-pro
    158243242,  # devin-ai-integration
    161369871,  # google-labs-jules
    167198135,  # copilot, the chat
    175728472,  # copilot, the reviewer
    176961590,  # gemini-code-assist
    198982749,  # copilot, the agent
    199175422,  # chatgpt-codex-connector
    201248094,  # sourcegraph-cody
    205137888,  # cline
    206951365,  # cursor
    208079219,  # amazon-q-developer
    208546643,  # claude-code-action
    209825114,  # claude
    215057067,  # openai-codex
    215619710,  # anthropic-claude
    220155983,  # jetbrains-ai
    230936708,  # continue
)
# Patterns over logins, and over names and addresses in Git.
AUTOMATION = ("github[- ]actions?", r"actions?@github\.com")
# Patterns over "name <email>".
AI_AGENTS = (
    rf"<({'|'.join(map(str, _NUMBERS))})\+[^@]*@users\.noreply\.github\.com>",
    r"(^|[+<])copilot(-[\w-]+)?(@users\.noreply\.github\.com>|\[bot\])|<copilot@github\.com>",
)
