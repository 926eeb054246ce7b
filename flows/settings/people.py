"""Default patterns of bots and AI agents."""

from __future__ import annotations

from miners.tracker.kinds import KINDS

_AI_AGENTS = (
    r"copilot-swe-agent",
    r"cursoragent@cursor\.com",
    r"devin-ai-integration",
    r"google-labs-jules",
    r"gemini-code-assist",
    r"chatgpt-codex|codex@openai\.com",
    r"openhands@all-hands\.dev",
    r"@aider\.chat>|\(aider\) <",
    r"amp@ampcode\.com",
    r"sweep-ai\[bot\]",
)
_UPDATERS = ("dependabot", "renovate", "greenkeeper", "pyup", "snyk")
_BUILDERS = ("travis", "jenkins")
_BOTS = (
    r"^(web-flow|weblate|mergify|codecov|allcontributors|bors|pre-commit-ci|k8s-ci-robot)\b",
    r"@(dependabot|renovateapp|greenkeeper)\.",
)


def ai_agents() -> tuple[str, ...]:
    """List the default patterns of AI agents, those of the tracker kinds with them."""
    of_kinds = (pattern for kind in KINDS.values() for pattern in kind.ai_agents)
    return (r"@anthropic\.com>", *of_kinds, *_AI_AGENTS)


def bots() -> tuple[str, ...]:
    """List the default patterns of bots, the automation of the tracker kinds with them."""
    of_kinds = (name for kind in KINDS.values() for name in kind.bots)
    automation = "|".join((*_UPDATERS, *of_kinds, *_BUILDERS))
    return (r"\[bot\]", r"[-_ ]bot <|^bot <|\bbot@", rf"^({automation})\b", *_BOTS)
