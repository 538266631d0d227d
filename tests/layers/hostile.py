"""Texts that would do something if a page, a map, a file or a database took them for more than texts."""

from __future__ import annotations

EVIL = "http://evil.example"
"""Nothing may ever be asked for there."""

HOSTILE: dict[str, str] = {
    "image": f"<img src={EVIL}/1 onerror=top.harmed=1>",
    "svg": '"><svg/onload="top.harmed=2">',
    "script": "</script><script>top.harmed=3</script>",
    "handler": "' onmouseover='top.harmed=4' autofocus tabindex=1 onfocus='top.harmed=4' x='",
    "style": f"</style><style>@import url({EVIL}/2);*{{display:none}}</style>",
    "frame": '<iframe srcdoc="<script>top.harmed=5</script>"></iframe>',
    "base": f"<base href={EVIL}><meta http-equiv=refresh content=0;url={EVIL}>",
    "template": "{{7*7}} {% raw %} ${top.harmed=6} #{7*7} <%=7*7%>",
    "entities": "&lt;img src=x onerror=top.harmed=7&gt; &#123;&#123;7*7&#125;&#125;",
    "link": "[tap here](javascript:top.harmed=8) <javascript:top.harmed=8>",
    "picture": f"![x]({EVIL}/3) [![x]({EVIL}/4)]({EVIL})",
    "address": f"{EVIL}/5 www.evil.example a@evil.example",
    "markdown": "**b** __u__ `c` ~~s~~ # h > q | a | b | - l 1. n \\",
    "streamlit": r":material/home: :red[r] :red-badge[x] :smile: $\frac{1}{2}$ -> :rainbow[a]",
    "formula": f'=HYPERLINK("{EVIL}/6","x")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "sql": "'); DROP TABLE marks; -- \" OR \"\"=\"",
    "percent": "%s %(name)s %n %00 :name ?1 $1 {name} {0}",
    "turned": "\u202ehtml.exe\u202c \u2066x\u2069 \u200fy",
    "unseen": "a\u2028b\u2029c\ufeffd\x00e\x1b[31mf\x07g\x85h",
    "joined": "a\u200bb\u200d\u200cc \U0001f9d1\u200d\U0001f37c \U0001f3f4\U000e0067\U000e007f",
    "map": "a _1a2b_ map_0123456789abcdef feature_group_1 tile_layer_2 " + "\\u003cb\\u003e",
    "long": "W" * 80,
}  # fmt: skip
"""By what they try; each is as long as a name may be, or cut to that."""

NAMES = {what: text[:80] for what, text in HOSTILE.items()}
"""The same, as long as a mark's name and a group's may be."""

CHUNKS = tuple(
    "\n".join(part)[:500] for part in (list(HOSTILE.values())[at : at + 8] for at in range(0, len(HOSTILE), 8))
)
"""All of them, in as few notes as will hold them."""

PRIVATE = "Zaynab-says-07700900123"
"""What only moderators may read."""
