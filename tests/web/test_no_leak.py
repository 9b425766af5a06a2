"""A whole exam is recorded as its student sees it: no response holds anything of the solutions before the release.

Two quizzes: one whose question carries words and numbers that stand nowhere else, and one of real questions with every
kind of grader, in which each sentence of each solution, reason and rubric is looked for. After the release they are
there, so that this could fail.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.sandbox import Sandbox
from app.services.accounts import tokens
from app.services.accounts.people import person_from
from app.services.accounts.tokens import NewToken
from app.services.bank import bank
from app.services.quizzes.quiz_rules import Seeds
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_quiz
from app.storage import people
from app.storage.tables import Attempt, AttemptItem, Course, QuestionVersion, Quiz, Variant
from tests.web.conftest import CSRF, TOKEN, House
from tests.web.test_withheld import graded

REAL = Path(__file__).resolve().parents[2] / "question_bank"
GRADER = re.compile(r"\bgrader: (\w+)")
WORDS = re.compile(r"<[^>]*>")
SENTENCE = re.compile(r"(?<=[.:;!?])\s+|\n+")
NEVER = re.compile(r'"(?:seed|truth|why|key|variant_hash|observe_hash|values|solution|criteria|mistakes|facts)"\s*:')
SHORTEST = 24

MARKED = """\
id: marked
title: A question with marks
pools:
  claims:
    - {id: one, printed: 1, twin: a, truth: true, text: The first claim that is shown., why: Whyfirst is why.}
    - {id: two, printed: 2, twin: b, truth: false, text: The second claim that is shown., why: Whysecond is why.}
    - {id: three, twin: c, truth: false, text: Claimunshown is never shown., why: Whythird is why.}
variables:
  a: {printed: 7, draw: "integer(2, 9)"}
  hidden: 918273645 + a
  shown: {printed: [one, two], draw: "pick('claims', 2)"}
parts:
  - id: number
    item: marked-1
    points: 2
    fields:
      total: {grader: number, answer: hidden}
    criteria:
      - {id: right, points: 2, when: total.right, says: Saysright when it is right}
    mistakes:
      slip: {set: {hidden: 564738291 + a}, says: Saysmistake is what it was.}
  - id: claims
    item: marked-2
    points: 1
    fields:
      boxes: {grader: choice, pool: claims, shown: shown}
    criteria:
      - {id: claims, points: 1, when: boxes.right, says: Saysclaims are judged}
"""
PROMPT = "## number\nAdd up to @{a}.\n\n## claims\nWhich hold?\n"
SOLUTION = "## number\nSolutionnumber is @{hidden}.\n\n## claims\nSolutionclaims says it.\n"
CASES = "- {case: key, answers: {total: '918273652', boxes: '1'}, expect: {number: 2, claims: 1}}\n"
MARKS = (
    *("Whyfirst", "Whysecond", "Whythird", "Claimunshown", "Saysright", "Saysmistake", "Saysclaims"),
    *("Solutionnumber", "Solutionclaims", "918273645", "918273652", "564738291", "564738298"),
)
TOLD = ("Saysright", "Saysclaims", "Solutionnumber", "Solutionclaims", "918273652")


@dataclass
class Recorder:
    """Somebody's browser and program, and everything that ever came back."""

    house: House
    responses: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self.house.client.request(method, path, **options)
        for one in (*answer.history, answer):
            heads = "\n".join(f"{name}: {value}" for name, value in one.headers.items())
            self.responses.append((f"{method} {one.url.path} ({one.status_code})", f"{heads}\n\n{one.text}"))
        return answer

    def get(self, path: str, **options: Any) -> str:
        return str(self.ask("GET", path, **options).text)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(grading_workers=1)
    yield made
    made.close()


def every_kind() -> list[Path]:
    """The fewest real questions, as it happens, that ask for every grader that any of them asks for."""
    asks = {
        file.parent: set(GRADER.findall(file.read_text("utf-8"))) for file in sorted(REAL.glob("*/*/question.yaml"))
    }
    left, chosen = set().union(*asks.values()), []
    while left:
        best = max(asks, key=lambda folder: (len(asks[folder] & left), str(folder)))
        chosen.append(best)
        left -= asks[best]
    return chosen


def quiz_of(house: House, sandbox: Sandbox, folder: Path, seeds: Seeds = "fresh") -> str:
    """A quiz of all questions below that folder, whose marks the staff releases."""
    with house.transactions.reading() as reading, house.transactions.writing() as writing:
        report = bank.load_bank(reading, writing, sandbox, folder)
        assert not report.problems
    names = sorted(file.parent.name for file in folder.glob("*/*/question.yaml"))
    with house.transactions.writing() as tx:
        course = tx.session.scalars(select(Course)).first()
        assert course is not None
        quiz = create_quiz(tx, NewQuiz(course.id, "Leak", tuple(NewQuizItem(name) for name in names), seeds=seeds))
        row = tx.session.scalars(select(Quiz).where(Quiz.public_id == quiz)).one()
        row.release = "by hand"
    return quiz


def sit(recorder: Recorder, quiz: str) -> str:
    """Everything that a student can ask for during an exam and after it; the address of the attempt."""
    house = recorder.house
    recorder.ask("POST", "/sign-in", data={"login": "student0", "password": "a password for tests", "next": "/"})
    csrf = CSRF.search(recorder.get("/"))
    assert csrf is not None
    form = {"csrf": csrf[1]}
    recorder.get(f"/quizzes/{quiz}/start")
    started = recorder.ask("POST", f"/quizzes/{quiz}/attempts", data=form)
    attempt = "/".join(started.url.path.split("/")[:3])
    page = recorder.get(f"{attempt}/questions/1")
    token = TOKEN.search(page)
    assert token is not None, page[:500]
    own = {"X-Attempt-Token": token[1]}
    with house.transactions.reading() as tx:
        items = variants(tx, attempt.rpartition("/")[2])
    for position, (variant, _) in enumerate(items, 1):
        recorder.get(f"{attempt}/questions/{position}?spare=2&solution=true&again=true")
        fields = [one for part in variant.rendered["parts"] for one in part["fields"]]
        for number, one in enumerate(fields):
            for raw in ("1", "((", ""):
                recorder.ask("POST", "/reading", json={"widget": one["widget"], "raw": raw})
            if one["widget"]["kind"] != "drawing":
                change = {"item": position, "field": one["id"], "revision": 1, "value": "1"}
                body = {"device": "tab", "seq": 100 * position + number, "changes": [change]}
                assert recorder.ask("POST", f"{attempt}/saves", json=body, headers=own).status_code == 200
        recorder.get(f"{attempt}/questions/{position}")
        recorder.ask("POST", f"{attempt}/questions/{position}/check", data=form)
    recorder.ask("POST", "/language", data=form | {"language": "de", "next": f"{attempt}/questions/1"})
    recorder.get(f"{attempt}/questions/1", headers={"Accept-Language": "de"})
    recorder.ask("POST", "/language", data=form | {"language": "en", "next": "/"})
    after: tuple[str, ...] = (
        "",
        "/questions/1",
        "/result",
        "/grading",
        "/receipt",
        "/receipt.txt",
        "/paper",
        "/practice",
        "/state",
    )
    after += ("/answers",)
    for place in (*after, "/review", "/hand-in"):
        recorder.get(f"{attempt}{place}", headers=own)
    programs(recorder, quiz, attempt)
    recorder.ask("POST", f"{attempt}/hand-in", data=form)
    graded(house)
    for place in after:
        recorder.get(f"{attempt}{place}", headers=own)
    recorder.get(f"{attempt}/events", headers=own)  # ends at once: the attempt is over
    recorder.get("/")
    programs(recorder, quiz, attempt)
    return attempt


def programs(recorder: Recorder, quiz: str, attempt: str) -> None:
    """The same through the API, with a token that may do all that its student may."""
    house = recorder.house
    with house.transactions.writing() as tx:
        row = people.person_by_login(tx, "student0")
        assert row is not None
        course = tx.session.scalars(select(Course.public_id)).first()
        token = tokens.make(tx, person_from(row), NewToken("leak", tuple(tokens.SCOPES)))
    root, number = f"/api/v1/courses/{course}", attempt.rpartition("/")[2]
    for path in (
        "/api/v1/me",
        "/api/v1/courses",
        *(f"{root}{one}" for one in ("", "/quizzes", f"/quizzes/{quiz}", f"/quizzes/{quiz}/results")),
        *(f"{root}/attempts/{number}{one}" for one in ("", "/receipt", "/result", "/answers")),
        *(f"/api/v1/bank/questions{one}" for one in ("", "/marked")),
    ):
        recorder.ask("GET", path, headers={"Authorization": f"Bearer {token}"})


def variants(tx: Any, attempt: str) -> list[tuple[Variant, QuestionVersion]]:
    query = (
        select(Variant, QuestionVersion)
        .join(AttemptItem, AttemptItem.variant_id == Variant.id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.public_id == attempt)
        .order_by(AttemptItem.position)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def release(house: House) -> None:
    with house.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.title == "Leak")).one()
        quiz.released_at = tx.now()


def plain(text: str) -> str:
    """What somebody reads in a page: no tags, no signs of mathematics, one space between words."""
    return re.sub(r"\s+", " ", html.unescape(WORDS.sub(" ", text))).strip()


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)
    elif isinstance(value, str):
        yield value


def numbers_of(value: Any) -> Iterator[str]:
    """Every number of a world that is long enough to be recognised."""
    for text in re.findall(r"\d+\.\d+|\d+", json.dumps(value)):
        if len(text) >= 8:
            yield text


def sentences(texts: Iterable[str]) -> set[str]:
    """The sentences of these texts that are long enough to be no coincidence."""
    found = {one.strip() for text in texts for one in SENTENCE.split(html.unescape(WORDS.sub("\n", text)))}
    return {re.sub(r"\s+", " ", one) for one in found if len(one) >= SHORTEST}


def secrets_of(variant: Variant, version: QuestionVersion) -> tuple[set[str], set[str]]:
    """What nobody may read of a question: of its solution, and of all else; what the paper itself shows is none."""
    shown = plain(" ".join(texts_of(variant.rendered)))
    question = version.package["question"]
    inside = [
        question.get("pools", {}),
        *(part.get(name) for part in question["parts"] for name in ("criteria", "mistakes")),
    ]
    hidden = sentences(texts_of(inside)) | set(numbers_of(variant.values))
    hidden |= {variant.variant_hash, version.observe_hash, version.package_hash}
    solved = sentences(texts_of(variant.solution))
    return {one for one in solved if one not in shown}, {one for one in hidden if one not in shown}


def copied(target: Path, folders: Iterable[Path]) -> Path:
    for folder in folders:
        shutil.copytree(folder, target / folder.parent.name / folder.name)
    return target


def marked(target: Path) -> Path:
    folder = target / "exam" / "marked"
    folder.mkdir(parents=True)
    texts = {"question.yaml": MARKED, "prompt.md": PROMPT, "solution.md": SOLUTION, "cases.yaml": CASES}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return target


def leaks(recorder: Recorder, secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Which response holds which secret."""
    wanted = sorted(secrets)
    found = []
    for place, text in recorder.responses:
        read = plain(text)
        found += [(place, one) for one in wanted if one in text or one in read]
    return found


def test_no_response_of_an_exam_holds_a_mark_of_its_solution_before_the_release(
    open_house: Callable[..., House], sandbox: Sandbox, tmp_path: Path
) -> None:
    house = open_house(sandbox=sandbox)
    recorder = Recorder(house)
    attempt = sit(recorder, quiz_of(house, sandbox, marked(tmp_path / "bank"), "printed_first"))
    assert sum("(200)" in place for place, _ in recorder.responses) > 25
    assert [place for place, _ in recorder.responses if "(500)" in place] == []
    assert leaks(recorder, MARKS) == []
    assert [place for place, text in recorder.responses if NEVER.search(text)] == []
    release(house)
    told = recorder.get(f"{attempt}/result")
    assert [one for one in TOLD if one not in told] == []


def test_no_response_of_an_exam_with_every_kind_of_question_holds_a_sentence_of_its_solutions_before_the_release(
    open_house: Callable[..., House], sandbox: Sandbox, tmp_path: Path
) -> None:
    house = open_house(sandbox=sandbox)
    recorder = Recorder(house)
    attempt = sit(recorder, quiz_of(house, sandbox, copied(tmp_path / "bank", every_kind())))
    with house.transactions.reading() as tx:
        asked = variants(tx, attempt.rpartition("/")[2])
    found = [secrets_of(*one) for one in asked]
    solved = set().union(*(one for one, _ in found))
    hidden = set().union(*(one for _, one in found))
    assert len(solved) > 2 * len(found)
    assert leaks(recorder, solved | hidden) == []
    assert [place for place, text in recorder.responses if NEVER.search(text)] == []
    release(house)
    told = plain(recorder.get(f"{attempt}/result"))
    # What is shown now: the page's own language, and words, for mathematics is written otherwise in a page.
    shown = [[variant.solution["stem"], variant.solution["parts"]] for variant, _ in asked]
    words = {one for one in sentences(texts_of(shown)) & solved if "$" not in one and "\\" not in one}
    assert sum(one in told for one in words) > 0.8 * len(words) > 10
