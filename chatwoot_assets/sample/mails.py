"""The attributes of mails, which hold the whole mail as HTML and as text.

Their size matters: Chatwoot stores them in the same column as a message's marks.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

# Parts of real mails: a footer with a word that also marks a deletion, and links that cannot be compressed.
_FOOTER = (
    "This e-mail is confidential. If you received it by mistake, it must be deleted. | Esta mensagem é confidencial;"
    " caso a tenha recebido por engano, apague-a."
)
_BYTES_PER_LINK = 120
# A mail of 3 kB, and one of 130 kB, such as a newsletter.
LINKS_PER_MAIL, LINKS_PER_LONG_MAIL = 12, 600


def mail_attributes(seed: int, subject: str, text: str, links: int) -> dict[str, Any]:
    """Return the attributes of a received mail.

    Args:
        seed: The seed of the links.
        subject: The subject.
        text: The text, without the footer.
        links: The number of links in the HTML.
    """
    random = np.random.default_rng(seed)
    targets = [base64.urlsafe_b64encode(random.bytes(_BYTES_PER_LINK)).decode() for _ in range(links)]
    pictures = "".join(f'<img src="https://correio.exemplo.invalid/{target}">' for target in targets)
    return {
        "email": {
            "subject": subject,
            "from": ["contato@example.com"],
            "to": ["caixa@example.com.br"],
            "multipart": True,
            "html_content": {
                "full": f"<html><body><p>{text}</p>{pictures}<hr><small>{_FOOTER}</small></body></html>",
                "reply": text,
            },
            "text_content": {"full": f"{text}\r\n\r\n-- \r\n{_FOOTER}", "reply": text},
        }
    }
