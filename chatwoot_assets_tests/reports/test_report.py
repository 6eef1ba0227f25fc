"""Reports: the overview's numbers and charts, in each format, and nothing personal."""

from __future__ import annotations

import datetime
import html
import io
import re
import zoneinfo
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import psycopg
import pytest
from fpdf import FPDF

from chatwoot_assets.assistant.metrics import Unit
from chatwoot_assets.assistant.numbers import Numbers
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filter_urls import parse_url
from chatwoot_assets.dashboard.filters import Filters, Period
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.reports.content import PERIODS, Chart, Report, Table, build_report, named_period
from chatwoot_assets.reports.digest import to_message
from chatwoot_assets.reports.drawing import HEIGHT, WIDTH, draw
from chatwoot_assets.reports.excel import to_xlsx
from chatwoot_assets.reports.html import to_html
from chatwoot_assets.reports.pdf import to_pdf
from chatwoot_assets_tests.alerts.receiver import receiver
from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.conftest import FILL_TARGETS, clear_caches, dashboard, rows, sampled  # noqa: F401  # fixtures
from chatwoot_assets_tests.dashboard.opening import Dashboard, Row, metrics
from chatwoot_assets_tests.project import Project

ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
WEEK = Period(datetime.date(2025, 3, 24), datetime.date(2025, 3, 30))


@pytest.fixture(scope="module")
def report(sampled: Project) -> Report:  # noqa: F811  # the fixture
    pool = ReadOnlyPool(lambda: sampled.target_url)
    made = build_report(Numbers(pool), Filters(custom=WEEK), ZONE)
    pool.close()
    return made


def test_cards_are_those_of_the_overview(report: Report, dashboard: Dashboard) -> None:  # noqa: F811  # the fixture
    shown = metrics(dashboard.open(**{"from": str(WEEK.first), "to": str(WEEK.last)}))
    _assert_same_cards(report, shown)


def test_targets_have_cards_where_the_overview_has_them(sampled: Project, dashboard: Dashboard) -> None:  # noqa: F811  # fixtures
    pool = ReadOnlyPool(lambda: sampled.target_url)
    with psycopg.connect(sampled.target_url, autocommit=True) as connection:
        connection.execute(FILL_TARGETS.encode())
        clear_caches()
        made = build_report(Numbers(pool), Filters(custom=WEEK), ZONE)
        shown = metrics(dashboard.open(**{"from": str(WEEK.first), "to": str(WEEK.last)}))
        connection.execute("TRUNCATE targets")
    clear_caches()
    pool.close()
    assert "First responses in time" in shown
    _assert_same_cards(made, shown)


def _assert_same_cards(report: Report, shown: dict[str, tuple[str, str]]) -> None:
    labels = {"Episodes: started": "Started", "Episodes: contacts": "Contacts", "Episodes: resolved": "Resolved"}
    cards = {labels.get(card.label, card.label): (card.text, card.change or "") for card in report.cards}
    assert cards == shown


def test_attribute_of_a_report_selects_some_conversations(sampled: Project, report: Report) -> None:  # noqa: F811  # fixture
    pool = ReadOnlyPool(lambda: sampled.target_url)
    some = build_report(Numbers(pool), Filters(custom=WEEK, attributes=("conversation.motivo=troca",)), ZONE)
    pool.close()
    assert 0 < (some.cards[0].value or 0) < (report.cards[0].value or 0)


@pytest.mark.parametrize(
    ("language", "filtered", "known"),
    [
        ("en", "Filters: Teams: {team} · Agents: {agent} · Status: Resolved", "Data as of 20"),
        ("pt", "Filtros: Equipes: {team} · Agentes: {agent} · Status: Resolvida", "Dados de "),
    ],
)
def test_every_format_names_the_filters_and_the_time(
    sampled: Project,  # noqa: F811  # the fixture
    language: Language,
    filtered: str,
    known: str,
) -> None:
    pool = ReadOnlyPool(lambda: sampled.target_url)
    numbers = Numbers(pool, language)
    (team, team_name), (agent, agent_name) = (list(numbers.options()[name].items())[1] for name in ("teams", "agents"))
    filters = Filters(custom=WEEK, teams=(team,), agents=(agent,), statuses=("resolved",))
    made = build_report(numbers, filters, ZONE)
    pool.close()
    note = filtered.format(team=team_name, agent=agent_name)
    assert made.notes[0] == note
    assert made.notes[1].startswith(known)
    assert made.notes[1].endswith("America/Sao_Paulo")
    assert note in html.unescape(to_html(made).decode())
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(made))).worksheets[0]
    assert note in [cell.value for cell in sheet["A"]]
    drawn: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FPDF, "multi_cell", lambda _self, _width, _height, text, **_options: drawn.append(text))
        to_pdf(made)
    assert [line.rstrip() for line in drawn[2:4]] == [
        text.encode("latin-1", "replace").decode("latin-1") for text in made.notes[:2]
    ]
    # A digest leaves the machine, so it has the ids of agents.
    body = to_message(made, None).body
    assert filtered.format(team=team_name, agent=translate("agent_without_name", language, id=agent)) in body
    assert agent_name not in body
    link = to_message(made, "https://numbers.example.com").body.splitlines()[-1]
    assert parse_url(dict(parse_qsl(urlsplit(link).query))) == (replace(filters, preset=None), [])


def test_digest_has_the_cards_and_names_nobody(report: Report) -> None:
    message = to_message(report, "https://numbers.example.com")
    for card in report.cards:
        assert f"{card.label}: {card.text}" in message.body
    assert message.body.endswith("\nhttps://numbers.example.com/?from=2025-03-24&to=2025-03-30&lang=en")
    names = {name for table in report.tables for name, _ in table.rows}
    assert names
    assert [name for name in names if name in message.body] == []
    assert "http" not in to_message(report, None).body


def test_charts_add_up_to_the_cards(report: Report) -> None:
    values = {card.label: card.value for card in report.cards}
    volume, response, backlog = report.charts
    assert [sum(value or 0 for value in series) for series in volume.series.values()] == [
        values["New"],
        values["Resolutions"],
    ]
    assert [len(chart.starts) for chart in report.charts] == [7, 7, 7]
    assert all(value for value in response.series["Response time (median)"])
    assert backlog.series["Open at the end"][-1] == values["Open at the end"]
    agents, inboxes = report.tables
    assert sum(row[1][0] or 0 for row in agents.rows) == values["New"]
    assert "Unassigned" in [name for name, _ in agents.rows]
    assert sum(row[1][0] or 0 for row in inboxes.rows) == values["New"]


def test_every_format_has_the_numbers(report: Report) -> None:
    page = to_html(report).decode()
    assert all(f"<b>{card.text}</b>" in page for card in report.cards)
    assert page.count("<svg") == 3
    assert not re.search(r"<script|src=|href=|https?:", page)
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))
    assert len(book.worksheets) == 6
    cells = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows() if len(row) > 1}
    assert {card.label: cells[card.label] for card in report.cards if card.unit == "count"} == {
        card.label: card.value for card in report.cards if card.unit == "count"
    }
    pdf = to_pdf(report)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") >= 2


def test_report_holds_nothing_personal(report: Report, rows: list[Row]) -> None:  # noqa: F811  # the fixture
    agents = {row["assignee_name"] for row in rows}
    contacts = {row["contact_name"] for row in rows if row["contact_name"]} - agents
    phones = {row["contact_phone"] for row in rows if row["contact_phone"]}
    page = to_html(report).decode()
    assert [text for text in contacts | phones if f">{text}<" in page] == []


def test_names_are_escaped_and_never_formulas() -> None:
    nasty = '<img src=x onerror="alert(1)">=1+1 😀 [x]'
    table = Table(nasty, [nasty, "n"], ["count"], [(f"={nasty}", [1.0])])
    chart = Chart("chart", "seconds", [WEEK.first, WEEK.last], {nasty: [None, 5_000.0]})
    made = Report("title", "subtitle", [nasty], [], [chart], [table], "pt", Filters())
    assert "<img" not in to_html(made).decode()
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(made))).worksheets[-1]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (f"={nasty}", "s")
    assert to_pdf(made).startswith(b"%PDF")


def test_long_table_is_whole_in_the_workbook_and_says_so_elsewhere() -> None:
    table = Table("Agents", ["Name", "n"], ["count"], [(f"Agent {number:04}", [1.0]) for number in range(1_030)])
    made = Report("title", "subtitle", [], [], [], [table], "en", Filters())
    page = to_html(made).decode()
    assert page.count("<td>Agent ") == 25
    assert "The first 25 rows of 1,030" in page
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(made))).worksheets[-1]
    assert [cell.value for cell in sheet["A"]][1:] == [name for name, _ in table.rows]
    written: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FPDF, "multi_cell", lambda _self, _width, _height, text, **_options: written.append(text))
        to_pdf(made)
    assert written[-1].startswith("The first 25 rows of 1,030")
    short = Report("title", "subtitle", [], [], [], [replace(table, rows=table.rows[:25])], "en", Filters())
    assert "The first" not in to_html(short).decode()


@pytest.mark.parametrize("unit", ["count", "seconds"])
@pytest.mark.parametrize("values", [[], [None], [0.0], [1.0, None, 3.0] * 400], ids=["none", "unknown", "zero", "many"])
def test_drawing_stays_within_its_size(values: list[float | None], unit: str) -> None:
    days = [WEEK.first + datetime.timedelta(days=number) for number in range(len(values))]
    for series in ({"a": values}, {"a": values, "b": values}):
        for shape in draw(Chart("chart", unit, days, series), "pt"):  # type: ignore[arg-type]  # one of two units
            assert 0 <= shape.x <= WIDTH
            assert 0 <= shape.y <= HEIGHT


def test_named_periods_end_today_or_before() -> None:
    today = datetime.date(2025, 4, 2)  # a Wednesday
    assert named_period("last-week", today) == WEEK
    assert named_period("this-week", today) == Period(datetime.date(2025, 3, 31), today)
    assert named_period("last-month", today) == Period(datetime.date(2025, 3, 1), datetime.date(2025, 3, 31))
    assert named_period("7d", today) == Period(datetime.date(2025, 3, 27), today)
    assert all(named_period(name, today).last <= today for name in PERIODS)


def test_unloaded_days_are_named_and_not_compared(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation("2025-03-20 12:00", id=1)
    project.load(datetime.date(2025, 3, 20))
    numbers = Numbers(ReadOnlyPool(lambda: project.target_url), "pt")
    made = build_report(
        numbers,
        Filters(custom=Period(datetime.date(2025, 3, 18), datetime.date(2025, 3, 20))),
        project.settings.reporting_timezone,
    )
    numbers.pool.close()
    assert made.notes[1:] == [
        "2 de 3 dias não estão carregados.",
        "Sem variação, porque o período ou o anterior (15/03/2025 a 17/03/2025) não está totalmente carregado.",
    ]
    assert {card.change for card in made.cards} == {None}
    assert next(iter(made.charts[0].series.values())) == [None, None, 1]


def test_report_compares_with_the_same_weeks_last_year(project: Project) -> None:
    day, earlier = datetime.date(2025, 3, 20), datetime.date(2024, 3, 21)
    zone = project.settings.reporting_timezone
    with project.writing() as writer:
        writer.conversation(f"{day} 12:00", id=1)
        for id_, time in ((2, "12:00"), (3, "12:30"), (4, "23:00")):
            writer.conversation(f"{earlier} {time}", id=id_)
    project.load(day)
    numbers = Numbers(ReadOnlyPool(lambda: project.target_url))
    filters = Filters(custom=Period(day, day), comparison="year")
    assert build_report(numbers, filters, zone).cards[0].change is None
    project.load(earlier)
    made = build_report(numbers, filters, zone)
    assert (made.cards[0].value, made.cards[0].previous) == (1, 3)
    assert made.notes[1:] == ["Changes compare with 2024-03-21."]
    # The day is today, and known until ten o'clock, which is 13:00 UTC.
    ten = datetime.datetime(2025, 3, 20, 10, tzinfo=zone)
    with project.target() as connection:
        connection.execute("UPDATE partition_state SET snapshot_at = %s", [ten])
    made = build_report(numbers, filters, zone, ten)
    numbers.pool.close()
    assert (made.cards[0].value, made.cards[0].previous) == (1, 2)
    assert made.notes[2] == "Its last day counts up to 10:00, because today is not over."


def test_command_writes_a_private_file_or_one_line(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path)
    today = datetime.datetime.now(zoneinfo.ZoneInfo("UTC")).date().isoformat()
    assert workspace.run("backfill", "--from", today, PARTITIONS_START_DATE=today).code == 0
    done = workspace.run(
        "report", "--period", "today", "--format", "pdf", "-o", "week.pdf", PARTITIONS_START_DATE=today
    )
    assert (done.code, done.out) == (0, ""), done.err
    path = tmp_path / "week.pdf"
    assert path.read_bytes()[:4] == b"%PDF"
    assert path.stat().st_mode & 0o777 == 0o600
    done = workspace.run("report", "--language", "pt")
    assert done.out.startswith('<!doctype html><html lang="pt-BR">')
    done = workspace.run("report", "--team", "vendas")
    assert (done.code, done.err) == (2, "error: --team 'vendas' must be ids, whole numbers separated by commas\n")
    done = workspace.run("report", "-o", "none/week.html")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    with receiver() as (address, taken):
        done = workspace.run("report", "--send", "--period", "today", ALERT_URLS=address, PARTITIONS_START_DATE=today)
    assert (done.code, done.out, len(taken)) == (0, "", 1), done.err
    assert "\nNew: " in taken[0]
    done = workspace.run("report", "--send")
    assert (done.code, done.err[:26]) == (2, "error: ALERT_URLS is not s")
    done = workspace.run("report", "--send", "-o", "week.html")
    assert (done.code, len(done.err.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("unit", "largest", "labels"),
    [
        ("count", 0, ["0", "1", "2"]),
        ("count", 1, ["0", "1", "2"]),
        ("count", 13, ["0", "5", "10", "15"]),
        ("count", 80, ["0", "20", "40", "60", "80"]),
        ("count", 12_345, ["0", "5,000", "10,000", "15,000"]),
        ("seconds", 7.3 * 60, ["0 min", "2 min", "4 min", "6 min", "8 min"]),
        ("seconds", 45, ["0.0 min", "0.2 min", "0.4 min", "0.6 min", "0.8 min"]),
        ("seconds", 30 * 3_600, ["0 h", "10 h", "20 h", "30 h"]),
    ],
)
def test_axis_has_round_numbers(unit: Unit, largest: float, labels: list[str]) -> None:
    chart = Chart("chart", unit, [datetime.date(2025, 3, 1)], {"series": [largest]})
    assert [shape.text for shape in draw(chart, "en") if shape.anchor == "end"] == labels


@pytest.mark.parametrize(("language", "label"), [("pt", "31/12/2024"), ("en", "2024-12-31")])
def test_days_of_several_years_are_drawn_with_their_year(language: Language, label: str) -> None:
    def labels(*days: datetime.date) -> list[str]:
        chart = Chart("", "count", days, {"": [1.0] * len(days)})
        return [shape.text for shape in draw(chart, language) if shape.anchor == "middle"]

    last = datetime.date(2024, 12, 31)
    assert label in labels(last, last + datetime.timedelta(days=1))
    assert label not in labels(last - datetime.timedelta(days=1), last)
