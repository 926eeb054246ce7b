"""Default patterns of bots and AI agents."""

from __future__ import annotations

AI_AGENTS = (
    r"@anthropic\.com>",
    r"\bcopilot\b.*@users\.noreply\.github\.com>",
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
BOTS = (
    r"\[bot\]",
    r"[-_ ]bot <|^bot <|\bbot@",
    r"^(dependabot|renovate|greenkeeper|pyup|snyk|github-actions|gitlab-ci|travis|jenkins)\b",
    r"^(web-flow|weblate|mergify|codecov|allcontributors|bors|pre-commit-ci|k8s-ci-robot)\b",
    r"@(dependabot|renovateapp|greenkeeper)\.",
)
