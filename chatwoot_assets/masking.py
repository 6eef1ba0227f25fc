"""What is masked before it leaves Chatwoot, and the pseudonyms that replace it.

The views do the masking (`sql/chatwoot/mask.psql`), so that the originals never arrive here. Activity messages are the
only texts that metrics depend on: their fixed words stay, and every other word becomes a pseudonym. To compare a name
with such a sentence, this module makes the same pseudonyms.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from chatwoot_assets.sql_files import sql_path

NAMES, CONTACTS, CONTENTS = "names", "contacts", "contents"
GROUPS = (NAMES, CONTACTS, CONTENTS)
# A pseudonym has this many hexadecimal digits of the word's HMAC.
_WORD_DIGITS = 10
# The block size of SHA-256 in bytes, for HMAC.
_BLOCK = 64
_TOKEN = re.compile(r"[ \t\n\r\f\v]+|[^ \t\n\r\f\v]+")
_PSEUDONYM = re.compile(rf"[aA][0-9a-f]{{{_WORD_DIGITS}}}")


@dataclass(frozen=True)
class Mask:
    """What is masked, and the key of the pseudonyms.

    Attributes:
        groups: Some of `GROUPS`, in order; none for nothing.
        key: The key of the HMAC that makes pseudonyms.
    """

    groups: tuple[str, ...] = ()
    key: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The groups as MASK has them; empty for nothing."""
        return ",".join(self.groups)

    @property
    def definition(self) -> str:
        """A string that changes whenever other values leave Chatwoot; empty if nothing is masked."""
        return self._hash(f"mask of {self.text}")[:12] if self.groups else ""

    @property
    def options(self) -> dict[str, str]:
        """The psql variables of the views: the groups, and the key in the two forms in which HMAC uses it."""
        key = self.key.encode()
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        inner, outer = (bytes(byte ^ pad for byte in block).hex() for pad in (0x36, 0x5C))
        return {"mask": self.text, "mask_inner": inner, "mask_outer": outer}

    def without_key(self) -> Mask:
        """Return the same mask with a placeholder instead of the key, for statements that are shown to people."""
        return Mask(self.groups, "MASK_KEY") if self.groups else self

    def words(self, text: str) -> str:
        """Return a name as a masked activity message shows it: with a pseudonym for each word."""
        return "".join(map(self._word, _TOKEN.findall(text))) if self.groups else text

    def covers(self, text: str) -> bool:
        """Return whether a name may be stored: it consists of pseudonyms and fixed words, or nothing is masked."""
        return not self.groups or all(
            token.isspace() or token in kept_words() or _PSEUDONYM.fullmatch(token) for token in _TOKEN.findall(text)
        )

    def _word(self, token: str) -> str:
        if token in kept_words() or token[0] in " \t\n\r\f\v":
            return token
        return ("a" if token == token.lower() else "A") + self._hash(token)[:_WORD_DIGITS]

    def _hash(self, text: str) -> str:
        return hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()


@functools.cache
def kept_words() -> frozenset[str]:
    """Return the fixed words of activity messages in the languages that `activity_sentences.py` reads."""
    script = sql_path("chatwoot", "mask.psql").read_text(encoding="utf-8")
    words = re.search(r"'\{(.*?)\}'::text\[\]", script, re.DOTALL)
    assert words is not None
    return frozenset(word.strip() for word in words[1].split(","))


NO_MASK = Mask()
