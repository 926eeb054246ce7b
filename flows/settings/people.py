"""Default patterns of bots, AI agents and marks of their help."""

from __future__ import annotations

from miners.tracker.kinds import KINDS

# Apps, whose logins end in [bot]. Many of these words are also names of people.
_AGENT_APPS = (
    *("amazon-q-developer", "anthropic-claude", "anthropic-code-agent", "chatgpt-codex-connector"),
    *("claude", "claude-code-action", "cline", "codegen-sh", "coderabbitai"),
    *("codiumai-pr-agent(-pro)?", "continue", "copilot", "copilot-swe-agent", "cursor"),
    *("devin-ai-integration", "factory-droid", "gemini-code-assist", "google-labs-jules"),
    *("jetbrains-ai", "openai-codex", "qodo-merge-pro", "sourcegraph-cody", "sweep-ai"),
)
# Logins and names that nobody else has.
_AGENT_NAMES = (
    r"copilot-swe-agent|devin-ai-integration|google-labs-jules|gemini-code-assist",
    r"chatgpt-codex|cursoragent",
)
# A whole domain of a vendor would make its employees agents.
_AGENT_ADDRESSES = (
    *("noreply@anthropic.com", "claude@anthropic.com", "noreply@openai.com", "codex@openai.com"),
    *("cursoragent@cursor.com", "noreply@cursor.com"),
    *("noreply@aider.chat", "aider@aider.chat", "openhands@all-hands.dev", "amp@ampcode.com"),
    *("noreply@codebuff.com", "noreply@freebuff.com", "noreply@opencode.ai", "crush@charm.land"),
    *("agent@warp.dev", "junie@jetbrains.com", "qwen-coder@alibabacloud.com"),
)
_TOOLS = (
    *("aider", "amazon q", "amp", "antigravity", "augment", "claude", "cline", "codebuff", "codex"),
    *("cody", "chatgpt", "continue.dev", "crush", "cursor", "devin", "freebuff"),
    *("gemini", r"(\w+ )?copilot", "goose", "gpt-[0-9]", "jules", "junie", "kiro", "openai"),
    *("opencode", "openhands", "qwen", "replit", "roo code", "warp", "windsurf"),
)
# Trailers that an agent's own tool writes.
_SESSIONS = (
    "agent-logs-url:",
    "amp-thread-id:",
    "replit-commit-author: *(agent|assistant)",
    "entire-(agent|checkpoint|condensation|metadata|metadata-task|session|source-ref|strategy):",
)

_UPDATERS = ("dependabot", "renovate", "greenkeeper", "pyup", "snyk")
# Automation with a name that no person has.
_BUILDERS = (
    *("azure[- ](pipelines|devops)", "circle[- ]?ci", "codecov", "copybara", "coveralls"),
    *("jenkinsci", "mergify", "pre-commit-ci", "teamcity", "web-flow", "weblate"),
    *("allcontributors", "k8s-ci-robot", "semantic-release", "asfgit", "chromium-autoroll"),
    *("rust-(highfive|timer|log-analyzer)", "sonarcloud"),
)
# First and last names of people: only with more that no person has.
_TRAVIS = r"^travis[- ]?(ci|build|bot|deploy)|@travis-ci\.(com|org)>"
_JENKINS = r"^jenkins[- ]?(ci|x|build|bot|server|admin|automation)\b|^jenkins <jenkins@"
_PREFIXES = (
    *("appveyor", "auto", "ci", "cla", "cncf", "dep", "fossa", "golangci", "google", "gopher"),
    *("img", "llvm", "merge", "octo", "prow", "release", "rust", "spinnaker", "sync", "typo"),
)
_BOT_NAMES = (
    # The last word of a name: nobody called Talbot or Abbott is one.
    r"(^|[-_ .])(ro)?bot <|\b(ro)?bot@|^([\w.-]+-)?ci <|^(bors|homu)(-[\w-]+)? <",
    rf"^[\w-]*({'|'.join(_PREFIXES)})-?(ro)?bot\b",
    r"@[\w.-]+\.iam\.gserviceaccount\.com>",
    r"@(dependabot|renovateapp|greenkeeper)\.",
    r"<azuredevops@microsoft\.com>",
)


def ai_agents() -> tuple[str, ...]:
    """List the default patterns of AI agents, those of the tracker kinds with them."""
    of_kinds = (pattern for kind in KINDS.values() for pattern in kind.ai_agents)
    addresses = "|".join(address.replace(".", r"\.") for address in _AGENT_ADDRESSES)
    return (
        rf"(^|[+<])({'|'.join(_AGENT_APPS)})\[bot\]",
        *of_kinds,
        *_AGENT_NAMES,
        rf"<({addresses})>",
    )


def ai_marks() -> tuple[str, ...]:
    """List the default patterns of marks with which a commit discloses an AI agent's help."""
    return (
        # An address in the trailer is that of a person or an agent, which other patterns decide.
        r"^assisted-by:\s*[^<\s][^<\n]*$",
        rf"^\W*generated (with|by|using):? +\W*({'|'.join(_TOOLS)})\b",
        r"^generated with:? +\S*(codebuff|freebuff)",
        rf"^({'|'.join(_SESSIONS)})",
        r"^(author|committer): .*\(aider\) <|^subject: aider: ",
    )


def bots() -> tuple[str, ...]:
    """List the default patterns of bots, the automation of the tracker kinds with them."""
    of_kinds = (name for kind in KINDS.values() for name in kind.bots)
    automation = "|".join((*_UPDATERS, *of_kinds, *_BUILDERS))
    # Hosts put a name of their own before the login that is in a noreply address.
    return (
        r"\[bot\]",
        rf"(^|<([0-9]+[-+])?)({automation})\b",
        _TRAVIS,
        _JENKINS,
        *_BOT_NAMES,
    )
