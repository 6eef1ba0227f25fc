"""A conversation's messages as HTML.

Everything that people wrote is escaped: no link, image or markup in it takes effect. Colours are mixed from those of
the page, so that they suit its light and its dark theme.
"""

from __future__ import annotations

import datetime
import html
import re

from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

# A private note mentions an agent like this: [@Ana](mention://user/7/Ana)
_MENTION = re.compile(r"\[@([^\]]*)\]\(mention://[^)]*\)")

STYLE = """<style>
.cw-transcript { display: flex; flex-direction: column; gap: .5rem; max-width: 58rem; margin: 0 auto; }
.cw-day { align-self: center; font-size: .8rem; opacity: .75; margin-top: .5rem; }
.cw-message { align-self: flex-start; max-width: min(80%, 42rem); padding: .5rem .75rem; border-radius: .75rem;
  background: color-mix(in srgb, currentColor 8%, transparent); }
.cw-outgoing { align-self: flex-end; background: color-mix(in srgb, #0072B2 24%, transparent); }
.cw-private { background: color-mix(in srgb, #E69F00 22%, transparent); border: 1px dashed #E69F00; }
.cw-activity { align-self: center; background: none; padding: 0; font-size: .8rem; opacity: .75; text-align: center; }
.cw-deleted .cw-text { text-decoration: line-through; opacity: .7; }
.cw-head { display: flex; flex-wrap: wrap; gap: 0 .6rem; font-size: .78rem; opacity: .8; }
.cw-mark { font-weight: 600; }
.cw-text { white-space: pre-wrap; overflow-wrap: anywhere; }
.cw-details { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(12rem, 45%), 1fr));
  gap: .6rem 1.5rem; }
.cw-label { font-size: .78rem; opacity: .75; }
.cw-value { overflow-wrap: anywhere; }
.cw-empty { font-style: italic; opacity: .7; }
</style>"""


def render_transcript(page: PageContext, messages: list[Row], contact: str) -> str:
    """Return the messages as HTML, oldest first, with a line before each day.

    Args:
        page: The context of the page.
        messages: Rows of `sql/dashboard/messages.sql`.
        contact: The name of the contact.
    """
    parts = []
    day: datetime.date | None = None
    for message in messages:
        written_at = message_time(message)
        if written_at is not None:
            local = written_at.astimezone(page.settings.reporting_timezone)
            if local.date() != day:
                day = local.date()
                parts.append(f'<div class="cw-day">{html.escape(page.format_date(day))}</div>')
        parts.append(_render_message(page, message, written_at, contact))
    return f'<div class="cw-transcript">{"".join(parts)}</div>'


def message_time(message: Row) -> datetime.datetime | None:
    """Return when a message was written, or None if Chatwoot's time is out of range."""
    text = message["created_at"]
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def _render_message(page: PageContext, message: Row, written_at: datetime.datetime | None, contact: str) -> str:
    message_type = message["message_type"]
    classes = ["cw-message"]
    if message_type == "activity":
        classes.append("cw-activity")
    elif message_type != "incoming":
        classes.append("cw-outgoing")
    if message["private"]:
        classes.append("cw-private")
    if message["deleted"]:
        classes.append("cw-deleted")
    head, text = _render_head(page, message, written_at, contact), _render_text(page, message)
    return f'<div class="{" ".join(classes)}">{head}{text}</div>'


def _render_head(page: PageContext, message: Row, written_at: datetime.datetime | None, contact: str) -> str:
    clock = f"{written_at.astimezone(page.settings.reporting_timezone):%H:%M}" if written_at else ""
    if message["message_type"] == "activity":
        return f"{clock} "
    marks = [page.translate(mark) for mark in ("private", "deleted") if message[mark]]
    parts = [html.escape(_sender_name(page, message, contact)), clock]
    parts += [f'<span class="cw-mark">{html.escape(mark)}</span>' for mark in marks]
    return f'<div class="cw-head">{"".join(f"<span>{part}</span>" for part in parts if part)}</div>'


def _sender_name(page: PageContext, message: Row, contact: str) -> str:
    sender, id_ = message["sender_type"], message["sender_id"]
    if sender == "Contact":
        return contact
    if sender == "User":
        return page.options.agent_names.get(id_) or page.translate("agent_without_name", id=id_)
    if sender:
        return page.translate("sender_bot")
    return page.translate("sender_contact" if message["message_type"] == "incoming" else "sender_chatwoot")


def _render_text(page: PageContext, message: Row) -> str:
    content = message["content"]
    if not content:
        return f'<div class="cw-text cw-empty">{html.escape(page.translate("no_text"))}</div>'
    content = _MENTION.sub(r"@\1", content)
    tag = "span" if message["message_type"] == "activity" else "div"
    rest = f' <span class="cw-empty">{html.escape(page.translate("message_cut"))}</span>' if message["is_cut"] else ""
    return f'<{tag} class="cw-text">{html.escape(content)}{rest}</{tag}>'
