"""The pages of the audit: of a course, for its instructors; of everything, for administrators."""

from __future__ import annotations

import re
from html import unescape
from typing import get_args

from app.domain.gradebooks import Group, Missing, QuizRule, Role, Rules
from app.domain.letter_grades import Border, Letters, Rounding
from app.services.quizzes.quiz_rules import Apart, Counts, Mode, Navigation, QuizRules, ReleaseRule, Seeds
from app.web.audited_settings import setting_names, values
from tests.web.conftest import House
from tests.web.visiting import read, visit_as


def test_an_instructor_reads_what_was_done_by_kind_and_by_person(house: House) -> None:
    visit_as(house, "student0")
    attempt = house.start().rpartition("/")[2]
    root = visit_as(house, "ines", "instructor")
    fields = {"title": "Renamed", "term": "", "time_zone": "Asia/Tokyo"}
    read(house.post(f"{root}/settings", fields))
    page = read(house.client.get(f"{root}/audit"))
    assert "changed a course" in page
    assert f'/quizzes/{house.quiz}/results/{attempt}">' in page
    assert "Times are those of Asia/Tokyo" in page
    only = read(house.client.get(f"{root}/audit?kind=attempts"))
    assert "started an attempt" in only
    assert "changed a course" not in only
    assert "started an attempt" not in read(house.client.get(f"{root}/audit?who=ines"))
    assert "Nothing like this was done." in read(house.client.get(f"{root}/audit?who=<script>"))
    assert "There is no such kind" in read(house.client.get(f"{root}/audit?kind=x"), 422)
    assert house.client.get("/audit").status_code == 403


def test_long_audits_come_in_pages(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    course = root.rpartition("/")[2]
    with small_house.transactions.writing() as tx:
        for number in range(60):
            tx.record(None, "changed a course", f"course {course}", number=number)
    first = read(small_house.client.get(f"{root}/audit?kind=people"))
    assert ("Gradus itself" in first, "Older" in first, "The newest" in first) == (True, True, False)
    older = re.search(r"before=(\d+)", first)
    assert older
    second = read(small_house.client.get(f"{root}/audit?kind=people&before={older[1]}"))
    assert ("Older" in second, "The newest" in second) == (False, True)
    assert "</span> 0</span>" in second


def test_an_administrator_reads_everything_and_an_assistant_nothing(small_house: House) -> None:
    visit_as(small_house, "boss", administrator=True)
    with small_house.transactions.writing() as tx:
        tx.record(None, "retired a question", "question qa")
    assert 'href="/audit"' in read(small_house.client.get("/people"))
    page = read(small_house.client.get("/audit?kind=bank"))
    assert "retired a question" in page
    assert "question qa" in page
    root = visit_as(small_house, "tom", "assistant")
    assert small_house.client.get(f"{root}/audit").status_code == 403
    assert "/audit" not in read(small_house.client.get(root))


def test_what_was_done_is_told_in_the_language_of_the_reader(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    course = root.rpartition("/")[2]
    with small_house.transactions.writing() as tx:
        about = f"course {course}"
        tx.record(None, "made an invitation", about, role="assistant")
        tx.record(None, "began a regrade", about, kind="void")
        tx.record(None, "marked an answer", about, points="sigma 1/2, adjusted -1, mu machine")
        tx.record(None, "ordered: end", f"quiz {small_house.quiz} order 1", students=2)
    page = read(small_house.client.get(f"{root}/audit", headers={"Accept-Language": "de"}))
    for says in ("Tutor/in", "Aus der Wertung genommen", "sigma 1/2, ganze Teilaufgabe -1, mu der Maschine"):
        assert says in page
    for english in ("assistant", ">void", "machine", "adjusted"):
        assert english not in page.partition("<main")[2]
    visit_as(small_house, "boss", administrator=True)
    everything = read(small_house.client.get("/audit", headers={"Accept-Language": "fr"}))
    assert "a donné un ordre" in everything
    assert "ordered" not in everything


def test_what_was_changed_is_told_in_the_language_of_the_reader(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    course = root.rpartition("/")[2]
    before = "release: at once; title: Exam: at once; quizzes / counts: mode / weight: 1; access code: –"
    after = "release: by hand; title: bonus; quizzes / counts: mode / weight: 1/2; groups / group 2 / drop: 1"
    with small_house.transactions.writing() as tx:
        tx.record(None, "changed a quiz", f"course {course}", before=before, after=after)
    page = unescape(read(small_house.client.get(f"{root}/audit", headers={"Accept-Language": "de"})))
    told = "Freigabe der Bewertungen: sofort; Titel: Exam: at once; Quizze / counts: mode / Gewicht: 1; Zugangscode: –"
    assert told in page
    assert "Freigabe der Bewertungen: von Hand; Titel: bonus; Quizze / counts: mode / Gewicht: 1/2;" in page
    assert "Gruppen / Gruppe 2 / Gestrichen: 1" in page


def test_every_setting_that_the_audit_can_name_has_a_name_for_readers() -> None:
    models = (Rules, Group, QuizRule, Letters, Border)
    names = {*QuizRules.__dataclass_fields__, *(name for model in models for name in model.model_fields)}
    # Groups stand there by the name that people gave them.
    wanted = {name.replace("_", " ") for name in names - {"id", "name"}}
    assert wanted <= setting_names().keys()
    kinds = [Counts, Seeds, ReleaseRule, Apart, Mode, Navigation, Role, Missing, Rounding]
    assert {choice for kind in kinds for choice in get_args(kind)} <= values().keys()


def test_an_empty_audit_says_so_once(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    page = read(small_house.client.get(f"{root}/audit?kind=regrades"))
    assert ("Nothing like this was done." in page, "Nothing found" in page) == (True, False)
