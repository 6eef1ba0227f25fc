"""Texts that break code which reads, writes or compares texts: only data, and their meaning as stated by hand.

PostgreSQL stores all of these except U+0000, so that a pipeline must carry them unchanged. They are written with
escapes, because an editor would not show them.
"""

from __future__ import annotations

import json

# A megabyte, with characters of one to four bytes and all that JSON and COPY escape.
LARGE_TEXT = 'aé€😀"\\\n\t' * 75_000

TEXTS: dict[str, str] = {
    "empty": "",
    "one space": " ",
    "spaces around": "  both sides  ",
    "emoji": "\U0001f600\U0001f44d\U0001f3fd",
    "emoji joined by U+200D": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f\u200d\U0001f525",
    "flags": "\U0001f1e7\U0001f1f7\U0001f1f5\U0001f1f9 \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f",
    "right to left": "\u200f\u05e9\u05dc\u05d5\u200e abc \u202e\u0645\u0631\u062d\u202c \u2066x\u2069",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "quotes": "'single' \"double\" `back` ''twice'' \"\"twice\"\" $$dollar$$ $1 %s %(x)s {} {x}",
    "backslashes": "\\ \\\\ \\n \\t \\x41 \\u0041 C:\\new\\table ends in \\",
    "COPY's NULL": "\\N",
    "COPY's end": "\\.",
    "COPY's end alone on a line": "before\n\\.\nafter",
    "the word NULL": "NULL",
    "separators": "a,b;c|d\te",
    "line ends": "LF\nCR\rCR LF\r\nend\n",
    "only a line end": "\n",
    "leading line end": "\r\nafter",
    "controls": "".join(map(chr, [*range(0x01, 0x20), 0x7F])),
    "more controls": "".join(map(chr, range(0x80, 0xA0))),
    "line separators of Unicode": "a\u0085b\u2028c\u2029d",
    "noncharacters": "\ufffe\uffff\U0001ffff\U0010ffff",
    "byte order mark": "\ufeffat the start and in the \ufeffmiddle",
    "replacement and private use": "\ufffd\ue000\U000f0000",
    "zero width": "a\u200bb\u00adc\u2060d",
    "JSON": '{"deleted":true,"a":[1,null,"\\u0000"]}',
    "a JSON string": '"in quotes \\ud83d"',
    "an array of PostgreSQL": '{a,"b c",NULL}',
    "HTML": "<script>alert('x')</script><p class=\"a\">&amp;&nbsp;&#0;</p><!-- -->]]>",
    "SQL": "'; DROP TABLE conversas_analytics; --",
    "a formula": "=HYPERLINK(\"http://example.invalid\",\"x\")",
    "numbers": "007 1e400 NaN -0 0x1F",
    "a date": "2025-03-10T23:59:59.999999Z",
}  # fmt: skip

# For `messages.content_attributes`, a column of type json: what is stored, and whether the message is deleted by the
# contract's rule (None: unknown).
CONTENT_ATTRIBUTES: list[tuple[str | None, bool | None]] = [
    (None, False),
    ("{}", False),
    ('{"deleted":true}', True),
    ('{"deleted":false}', False),
    ('{"deleted":null}', False),
    ('{"deleted":"true"}', True),
    ('{"deleted":"True"}', False),
    ('{"deleted":1}', False),
    ('{"deleted":{"deleted":true}}', False),
    ('{"deleted":["true"]}', False),
    ('{"Deleted":true}', False),
    ('{"deleted ":true}', False),
    ('{"not_deleted":true,"deleted_at":"2025-01-01"}', False),
    ('{ "deleted" : true }', True),
    ('{"in_reply_to":1,"deleted":true,"translations":{"pt":"x"}}', True),
    ('{"email":{"subject":"x","to":[{"a":{}}]},"deleted":true}', True),
    ('{"text":"}{][\\"\\\\","deleted":true}', True),
    ('{"items":[{"deleted":true}]}', False),
    ('{"a":{"b":{"deleted":true}}}', False),
    ('{"a":{"deleted":true},"deleted":false}', False),
    ('{"a":{"deleted":false},"deleted":true}', True),
    ('{"note":"\\"deleted\\":true"}', False),
    ('{"note":"the message was deleted"}', False),
    ('{\n  "a": {"b": 1},\n\t"deleted":\r\n true\n}', True),
    ('{"html":"\\u003cb\\u003e","deleted":true}', True),
    ('{"emoji":"\\ud83d\\ude00","deleted":true}', True),
    ('{"big":1e400,"long":123456789012345678901234567890,"deleted":true}', True),
    ("[]", False),
    ('[{"a":1}]', False),
    ('["deleted"]', None),
    ('[{"deleted":true}]', None),
    ("5", False),
    ("-1.5e3", False),
    ("true", False),
    ("null", False),
    ('""', False),
    ('"null"', False),
    ('"true"', False),
    ('"  "', False),
    ('"not JSON"', False),
    ('"{"', False),
    ('"deleted maybe"', None),
    ('"deleted"', None),
    ('"{\\"deleted\\":true"', None),
    ('"{\\"deleted\\":tru}"', None),
    ('"{\\"deleted\\":true,}"', None),
    ('"{\\"deleted\\":true} and more"', None),
    ("\"{'deleted':true}\"", None),
    ('"{\\"deleted\\":true,\\"a\\":NaN}"', None),
    ('"[{\\"deleted\\":true}]"', None),
    ('"{:deleted=>true}"', None),
    # The escapes are of the outer string: the inner text has a bare NUL, half a character, a bare line end,
    # which do no harm.
    ('"{\\"deleted\\":true,\\"a\\":\\"\\u0000\\"}"', True),
    ('"{\\"deleted\\":true,\\"a\\":\\"\\ud83d\\"}"', True),
    ('"{\\"deleted\\":true,\\"a\\":\\"x\\ny\\"}"', True),
    ('"{\\"deleted\\":true,\\"a\\":\\"\\ud83d\\ude00\\"}"', True),
    # Two layers of string are one too many.
    (json.dumps(json.dumps('{"deleted":true}')), None),
]  # fmt: skip

# The same, encoded a second time, as Chatwoot itself writes the column.
CONTENT_ATTRIBUTES += [
    (json.dumps(text, ensure_ascii=False), deleted)
    for text, deleted in CONTENT_ATTRIBUTES
    if text is not None and text.startswith("{")
]
CONTENT_ATTRIBUTES += [(json.dumps('{\n  "email": {\n    "to": []\n  },\n  "deleted": true\n}'), True)]

# JSON by its standard, and readable here, although jsonb refuses the escapes.
ESCAPES_REFUSED_BY_JSONB: list[tuple[str, bool | None]] = [
    ('{"a":"\\u0000"}', False),
    ('{"a":"\\ud83d"}', False),
    ('{"a":"\\u0000","deleted":true}', True),
    ('{"deleted":true,"a":"x\\u0000y"}', True),
    ('{"deleted":true,"a":"\\ud83d"}', True),
    ('{"deleted":true,"a":"\\ude00\\ud83d"}', True),
    ('{"deleted":false,"a":"\\u0000\\ud83d"}', False),
    ('{"\\u0000":1,"deleted":"true"}', True),
]
ESCAPES_REFUSED_BY_JSONB += [(json.dumps(text), deleted) for text, deleted in ESCAPES_REFUSED_BY_JSONB]
