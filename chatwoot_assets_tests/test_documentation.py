"""The documentation says what the code does, where the two could drift apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.__main__ import SOURCES
from chatwoot_assets.dashboard import pages as pages_of_dashboard
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.i18n import TEXTS
from chatwoot_assets.definitions import defs
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.settings_variables import Variables
from chatwoot_assets_tests import tables_page
from chatwoot_assets_tests.assistant.questions import read_questions

_ROOT = Path(__file__).parent.parent
_PAGES = [
    page.relative_to(_ROOT)
    for page in sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md"), _ROOT / "benchmarks" / "README.md"])
]
_TRANSLATIONS = [
    ("README.md", "README.pt-BR.md"),
    *((f"docs/{page.name}", f"docs/pt-BR/{page.name}") for page in sorted((_ROOT / "docs" / "pt-BR").glob("*.md"))),
]


def test_every_table_and_view_is_documented_as_it_is_declared() -> None:
    text = tables_page.PAGE.read_text(encoding="utf-8")
    assert tables_page.generate(text) == text, "run: make tables"


def test_a_table_without_a_place_in_the_documentation_is_refused() -> None:
    text = tables_page.PAGE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="one for each of"):
        tables_page.generate(text.replace("<!-- columns: resolutions -->", ""))


def test_every_table_of_the_metrics_is_explained() -> None:
    text = (_ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert [table for table in TABLES if f"`{table}`" not in text] == []


def test_every_environment_variable_that_is_read_is_in_the_readme() -> None:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    variables = {name.removesuffix("_FILE") for name in Variables.model_fields} - {"DAGSTER_HOME"}
    assert len(variables) >= 8
    assert [name for name in variables if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("page", ["operating.md", "pt-BR/operating.md"])
def test_every_secret_that_a_file_may_hold_is_in_the_operators_guide(page: str) -> None:
    files = [name for name in Variables.model_fields if name.endswith("_FILE")]
    assert [name for name in files if f"`{name}`" not in _text(f"docs/{page}")] == []


@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_readme_answers_questions_as_the_tests_of_the_assistant_do(readme: str) -> None:
    questions = {question["question"]: question for question in read_questions()}
    rows = re.findall(r"^\| (\w[^|]*\?) \| `(\w+)`[^|]* \| ([^|]+) \|$", _text(readme), re.MULTILINE)
    assert len(rows) == 5
    assert f" {len(questions)} " in _text(readme)
    for question, metric, answer in rows:
        assert questions[question]["arguments"]["metric"] == metric
        assert answer.replace(",", ".") in _shown(questions[question]["answer"])


def _shown(answer: object) -> set[str]:
    if isinstance(answer, float):
        return {f"{answer:.0f} s", f"{answer:.1%}".replace("%", " %")}
    return {str(answer)}


@pytest.mark.parametrize(("language", "guide"), [("en", "docs/dashboard.md"), ("pt", "docs/pt-BR/dashboard.md")])
def test_every_page_of_the_dashboard_is_documented_by_its_title(language: Language, guide: str) -> None:
    pages = [path.stem for path in Path(pages_of_dashboard.__file__).parent.glob("[a-z]*.py")]
    titles = {TEXTS[language][f"page_{page}"] for page in pages}
    assert len(titles) >= 7
    assert titles <= set(re.findall(r"^\| ([^|`]+) \| ", _text(guide), re.MULTILINE))


def test_every_benchmark_that_runs_is_documented() -> None:
    # The list has two columns; tables of results have more.
    rows = r"^\| `(\w+)` \| (?:[^|\\\n]|\\.)+ \|$"
    documented = re.findall(rows, _text("benchmarks/README.md"), re.MULTILINE)
    assert sorted(documented) == sorted(SOURCES)
    assert [name for name in SOURCES if not (_ROOT / "benchmarks" / f"{name}.py").exists()] == []


def test_operators_guide_names_the_sensors_schedules_and_checks_that_exist() -> None:
    guide = _text("docs/operating.md")
    automation = set(re.findall(r"`(\w+_(?:sensor|schedule))`", guide))
    checks = set(re.findall(r"^\| `(\w+)` \| (?:every half hour|05:30) \|", guide, re.MULTILINE))
    existing_checks = {key.name for key in defs.resolve_asset_graph().asset_check_keys}
    assert {sensor.name for sensor in defs.sensors or []} <= automation
    assert automation <= {one.name for one in [*(defs.sensors or []), *(defs.schedules or [])]}
    assert len(checks) >= 6
    assert checks <= existing_checks


def test_files_that_the_contributors_guide_names_exist() -> None:
    names = re.findall(r"`([\w./-]+[.](?:py|sql|psql|toml|yaml|md))`", _text("docs/contributing.md"))
    folders = (
        "",
        "docs",
        "chatwoot_assets",
        "chatwoot_assets_tests",
        "chatwoot_assets_tests/dashboard",
        "sql/dashboard",
    )
    assert len(names) > 40
    assert [name for name in names if not any((_ROOT / folder / name).exists() for folder in folders)] == []


def test_layout_of_the_contributors_guide_has_every_package() -> None:
    layout = _text("docs/contributing.md").split("```text")[1].split("```")[0]
    packages = [path.parent.name for path in (_ROOT / "chatwoot_assets").glob("*/__init__.py")]
    assert len(packages) > 15
    assert [name for name in packages if f" {name}/" not in layout] == []


@pytest.mark.parametrize("page", _PAGES, ids=str)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)", _without_code(_text(page))):
        linked = (page.parent / target) if target else page
        assert (_ROOT / linked).exists(), target
        assert not anchor or anchor in _anchors(_text(linked)), f"{target}#{anchor}"


@pytest.mark.parametrize(("english", "portuguese"), _TRANSLATIONS)
def test_translation_has_the_structure_of_the_english_page(english: str, portuguese: str) -> None:
    assert _structure(_text(portuguese)) == _structure(_text(english))


@pytest.mark.parametrize(("english", "portuguese"), _TRANSLATIONS)
def test_translation_names_the_same_settings_commands_and_tables(english: str, portuguese: str) -> None:
    names = [
        set(re.findall(r"`([^`]+)`", " ".join(_without_code(_text(page)).split()))) for page in (english, portuguese)
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(("english", "portuguese"), _TRANSLATIONS)
def test_translation_states_the_same_numbers(english: str, portuguese: str) -> None:
    assert _numbers(_text(portuguese)) == _numbers(_text(english))


@pytest.mark.parametrize(("english", "portuguese"), _TRANSLATIONS)
def test_translation_links_to_the_same_pages(english: str, portuguese: str) -> None:
    # The READMEs link to each other by the name of the other language.
    translated = {**dict(_TRANSLATIONS), "README.pt-BR.md": "README.md"}
    assert sorted(_links(portuguese)) == sorted(translated.get(target, target) for target in _links(english))


def _text(page: Path | str) -> str:
    return (_ROOT / page).read_text(encoding="utf-8")


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(text: str) -> set[str]:
    """Return the anchors that GitHub and the site give to the headings."""
    headings = re.findall(r"^#+ (.+)$", _without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links(page: str) -> list[str]:
    """Return the files of this project that a page links to, by their paths in it."""
    targets = re.findall(r"\]\((?!https?://)([^)#]*)", _without_code(_text(page)))
    files = (((_ROOT / page).parent / target) if target else _ROOT / page for target in targets)
    return [file.resolve().relative_to(_ROOT).as_posix() for file in files]


def _numbers(text: str) -> list[str]:
    """Return the sorted numbers of sentences and tables, without separators: 5,000 is 5.000."""
    prose = re.sub(r"\]\([^)]*\)", "]", _without_code(text))
    return sorted(re.sub("[.,]", "", number) for number in re.findall(r"(?<![\w#])\d(?:[\d.,]*\d)?", prose))


def _structure(text: str) -> list[str]:
    """Return what two languages must have in common, in order; of code everything but the comments."""
    parts: list[str] = []
    code: list[str] | None = None
    previous = ""
    for line in text.splitlines():
        if line.startswith("```"):
            if code is None:
                code = [line]
            else:
                parts.append("\n".join(code))
                code = None
        elif code is not None:
            code.append(re.sub(r"(^|\s+)# .*", "", line))
        elif line.startswith("#"):
            parts.append(f"heading of level {len(line) - len(line.lstrip('#'))}")
        elif line.startswith("|"):
            cells = len(re.split(r"(?<!\\)[|]", line)) - 2
            parts.append(f"row of {cells} cells")
        elif re.match(r"([-*]|[0-9]+[.]) ", line):
            parts.append("list item")
        elif line.startswith("!["):
            parts.append("picture")
        elif line and not previous:
            parts.append("paragraph")
        previous = line
    return parts
