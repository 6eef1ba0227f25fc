"""Eighty questions of a Brazilian support manager, each with the call that answers it and the answer on the sample.

`python -m chatwoot_assets_tests.assistant.questions URL` records the answers again, from a loaded sample and as its
owner, after a change of the sample or of a definition; read the difference before you commit it.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import zoneinfo
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("questions.json")
Question = dict[str, Any]


def read_questions() -> list[Question]:
    questions: list[Question] = json.loads(PATH.read_text(encoding="utf-8"))
    return questions


def pick(result: Any, at: str) -> Any:  # noqa: ANN401  # any JSON
    """Return the part of a result at a path, or with `max:groups` the name of the group with the largest value."""
    if at.startswith("max:"):
        return max(result[at.removeprefix("max:")], key=lambda group: group["value"])["name"]
    for part in at.split("."):
        if match := re.fullmatch(r"(\w+)\[id=(\d+)\]", part):
            result = next(group for group in result[match[1]] if group["id"] == int(match[2]))
        else:
            result = result[int(part) if part.isdecimal() else part]
    return result


def record(url: str) -> None:
    import asyncio

    from mcp import Client

    from chatwoot_assets.assistant.access import Access
    from chatwoot_assets.assistant.numbers import Numbers
    from chatwoot_assets.assistant.server import build_server
    from chatwoot_assets.dashboard.database import ReadOnlyPool

    zone = zoneinfo.ZoneInfo("America/Sao_Paulo")
    server = build_server(Access(Numbers(ReadOnlyPool(lambda: url)), lambda: url, zone, True, False), "")
    questions = read_questions()

    async def ask() -> None:
        async with Client(server) as client:
            for question in questions:
                result = await client.call_tool(question["tool"], question["arguments"])
                content: Any = result.content[0]
                if result.is_error:
                    raise ValueError(f"{question['question']}: {content.text}")
                question["answer"] = pick(json.loads(content.text), question["at"])

    started = datetime.datetime.now(zone)
    asyncio.run(ask())
    PATH.write_text(json.dumps(questions, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(questions)} answers in {datetime.datetime.now(zone) - started}\n")


if __name__ == "__main__":
    record(sys.argv[1])
