"""One question: its outline and variants, its history, what differs between versions, where it is asked."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.errors import Conflict, InvalidInput, NotFound, Problem, QuestionError
from app.sandbox import SandboxFailure
from app.services.accounts.people import Person
from app.services.bank.bank_changes import MOST_LINES, changes
from app.services.bank.bank_outline import outline
from app.services.bank.bank_questions import QuestionPage, begin_draft, changes_page, copied, question_page
from app.services.operating.transactions import Transactions
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.storage import people
from app.storage.tables import QuizItem
from tests.services.bank_folders import CheckingSandbox, author, edited, folder, publish


def look(
    transactions: Transactions, visitor: Person, sandbox: CheckingSandbox | None = None, **more: object
) -> QuestionPage:
    with transactions.reading() as tx:
        return question_page(tx, sandbox or CheckingSandbox(), visitor, "sum", **more)  # type: ignore[arg-type]


def test_a_question_shows_its_rubric_as_a_tree(transactions: Transactions) -> None:
    ines = author(transactions)
    publish(transactions, folder())
    (part,) = look(transactions, ines).outline.parts
    assert (part.points, part.most, part.item) == (Fraction(2), Fraction(2), "exam-1")
    right, best = part.criteria
    assert (right.kind, right.points, right.when, right.says) == ("leaf", Fraction(1), "total.right", "The sum")
    assert (best.kind, best.most, best.unless) == ("best of", Fraction(1), "total.blank")
    assert [(node.id, node.points) for node in best.nodes] == [("way", Fraction(1)), ("hint", Fraction(1, 2))]
    assert part.fields[0].options == (("answer", "a + b"),)
    assert part.mistakes[0].set == (("b", "a"),)


def test_bounds_lists_and_deductions_count_into_what_a_rubric_can_give() -> None:
    leaf = {"id": "x", "points": 2, "when": "x.right"}
    criteria = [[leaf, leaf], {"best_of": [leaf, {"sum_of": [leaf, leaf, leaf]}], "at_most": "5/2"}]
    criteria.append({"id": "less", "points": -1, "when": "False"})
    parts = [{"id": "p", "points": 6, "fields": {}, "criteria": criteria}]
    (part,) = outline({"question": {"id": "q", "title": "Q", "parts": parts}}).parts
    assert part.most == Fraction(13, 2)
    assert [node.kind for node in part.criteria] == ["sum of", "best of", "leaf"]


def test_three_variants_are_made_in_the_language_asked_for(transactions: Transactions) -> None:
    ines = author(transactions)
    publish(transactions, folder())
    sandbox = CheckingSandbox()
    page = look(transactions, ines, sandbox, seeds=(0, 7, 8), language="de")
    assert (page.language, page.languages, page.broken) == ("de", ("en", "de"), False)
    asked = [(call["seed"], call["language"]) for name, call in sandbox.calls if name == "variant"]
    assert asked == [(0, "de"), (7, "de"), (8, "de")]
    assert [one.parts[0].prompt for one in page.samples] == ["<p>only 0</p>", "<p>only 7</p>", "<p>only 8</p>"]
    assert look(transactions, ines, language="tlh").language == "en"


def test_a_broken_variant_says_where_and_the_others_are_shown(transactions: Transactions) -> None:
    ines = author(transactions)
    publish(transactions, folder())
    sandbox = CheckingSandbox()
    sandbox.failing = lambda name, payload: {
        0: QuestionError([Problem("`x` is unknown.", "parts.0.fields.total")]),
        1: SandboxFailure("killed", "The grader took too long."),
    }.get(payload.get("seed"))
    page = look(transactions, ines, sandbox)
    first, second, third = page.samples
    assert str(first.problems[0]) == "sum/question.yaml:18, parts.0.fields.total: `x` is unknown."
    assert second.problems[0].says == "The grader took too long."
    assert (third.problems, page.broken) == ((), True)


def test_history_says_what_every_version_touched(transactions: Transactions) -> None:
    ines = author(transactions)
    publish(transactions, folder(), by=ines, note="First.")
    publish(transactions, edited("sum", "says: The sum", "says: The total"), by=ines)
    publish(transactions, edited("sum", "# A comment that stays.", "# Another."))
    page = look(transactions, ines)
    assert [(one.number, one.author, one.note) for one in page.history] == [
        (3, None, ""),
        (2, "Ines", ""),
        (1, "Ines", "First."),
    ]
    assert page.history[2].changed == ()
    old = look(transactions, ines, number=1)
    assert (old.number, old.newest) == (1, 3)
    with pytest.raises(NotFound, match="no version 9"):
        look(transactions, ines, number=9)
    with transactions.reading() as tx, pytest.raises(NotFound, match="“never”"):
        question_page(tx, CheckingSandbox(), ines, "never")


def test_differences_are_found_line_by_line(transactions: Transactions) -> None:
    publish(transactions, folder())
    new = edited("sum", "says: The sum", "says: The total") | {"files/dot.png": b"other", "solution.de.md": b"neu\n"}
    del new["cases.yaml"]
    publish(transactions, new)
    with transactions.reading() as tx:
        page = changes_page(tx, "sum")
    assert (page.old.number, page.new.number, page.numbers) == (1, 2, (1, 2))
    document, cases, solution, image = page.files
    assert (document.name, document.added, document.removed) == ("question.yaml", 1, 1)
    lines = [line for hunk in document.hunks for line in hunk if line.mark != " "]
    assert [(line.mark, line.old, line.new, line.text.strip()) for line in lines] == [
        ("-", 20, None, "- {id: right, points: 1, when: total.right, says: The sum}"),
        ("+", None, 20, "- {id: right, points: 1, when: total.right, says: The total}"),
    ]
    assert (cases.name, cases.kind, cases.removed) == ("cases.yaml", "removed", 1)
    assert (solution.name, solution.kind, solution.added) == ("solution.de.md", "added", 1)
    assert (image.name, image.text, image.old_bytes, image.new_bytes) == ("files/dot.png", False, 15, 5)
    with transactions.reading() as tx:
        assert changes_page(tx, "sum", 2, 2).files == ()
        assert changes_page(tx, "sum", 2, 1).files[0].added == 1
        with pytest.raises(NotFound, match="no version 3"):
            changes_page(tx, "sum", 1, 3)


def test_files_too_long_or_no_text_are_mentioned_without_lines() -> None:
    long = {"prompt.md": b"a\n" * (MOST_LINES + 1)}
    (one,) = changes({"prompt.md": b""}, long)
    assert (one.hunks, one.new_bytes) == ((), 2 * (MOST_LINES + 1))
    (ends,) = changes({"prompt.md": b"a\r\n"}, {"prompt.md": b"a\n"})
    assert ends.hunks == ()
    (odd,) = changes({"prompt.md": b"\xff\n"}, {"prompt.md": b"b\n"})
    assert (odd.added, odd.removed) == (1, 1)


def test_quizzes_that_ask_it_are_named_to_the_staff_of_their_course(transactions: Transactions) -> None:
    ines, admin = author(transactions), author(transactions, "root", administrator=True)
    publish(transactions, folder())
    publish(transactions, folder("other"))
    with transactions.writing() as tx:
        mine, theirs = quizzes.create_course(tx, "Mine"), quizzes.create_course(tx, "Theirs")
        people.enrol(tx, mine, ines.id, "assistant")
        people.enrol(tx, theirs, ines.id, "student")
        quizzes.create_quiz(tx, NewQuiz(mine, "Quiz", (NewQuizItem("sum"), NewQuizItem("other"))))
        quizzes.create_quiz(tx, NewQuiz(theirs, "Secret", (NewQuizItem("sum"),)))
        quizzes.create_quiz(tx, NewQuiz(theirs, "Without", (NewQuizItem("other"),)))
    publish(transactions, edited("sum", "points: 2", "points: 3"))
    usage = look(transactions, ines).usage
    assert [(one.course, one.quiz, one.numbers) for one in usage.places] == [("Mine", "Quiz", (1,))]
    assert usage.others == 1
    assert [one.quiz for one in look(transactions, admin).usage.places] == ["Quiz", "Secret"]


def test_a_pool_asks_its_questions_too(transactions: Transactions) -> None:
    admin = author(transactions, "root", administrator=True)
    publish(transactions, folder())
    publish(transactions, folder("other"))
    with transactions.writing() as tx:
        course = quizzes.create_course(tx, "Mine")
        quizzes.create_quiz(tx, NewQuiz(course, "Pool", (NewQuizItem("other"),)))
        (item,) = tx.session.query(QuizItem)
        item.pool = [1]
    assert [one.quiz for one in look(transactions, admin).usage.places] == ["Pool"]


def test_a_copy_has_another_id_and_title_and_keeps_the_rest(transactions: Transactions) -> None:
    publish(transactions, folder())
    with transactions.reading() as tx:
        made = copied(tx, "sum", "sum-2", "  Another   sum ")
    expected = edited("sum-2", "en: A sum", "en: Another sum")
    assert made == expected


def test_a_copy_needs_an_id_that_is_free_and_a_title(transactions: Transactions) -> None:
    ines = author(transactions)
    publish(transactions, folder())
    with transactions.writing() as tx:
        begin_draft(tx, "drafted", folder("drafted"), ines, "D")
    with transactions.reading() as tx:
        for name in ("Sum", "", "-a", "a b", "ä", "a" * 81, "new", "import"):
            with pytest.raises(InvalidInput) as caught:
                copied(tx, "sum", name, "Title")
            assert caught.value.place == "name"
        with pytest.raises(InvalidInput, match="A title has"):
            copied(tx, "sum", "sum-2", "  ")
        for name in ("sum", "drafted"):
            with pytest.raises(Conflict, match="There is already"):
                copied(tx, "sum", name, "Title")
    with transactions.writing() as tx, pytest.raises(Conflict, match="already a draft"):
        begin_draft(tx, "drafted", folder("drafted"), ines, "D")


def test_a_question_being_written_says_so(transactions: Transactions) -> None:
    ines = author(transactions)
    publish(transactions, folder())
    with transactions.writing() as tx:
        begin_draft(tx, "sum", folder(), replace(ines), "A sum", 1)
    found = look(transactions, ines).draft
    assert found is not None
    assert found.version == 1
