"""A question with two forms of an item is kept as printed, as automatic and as written."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.services.bank.bank_forms import forms_of


def part(name: str, item: str | None, grader: str, form: str | None = None, points: int = 1) -> dict[str, Any]:
    made: dict[str, Any] = {"id": name, "item": item, "points": points, "fields": {f"f_{name}": {"grader": grader}}}
    return made | ({"form": form} if form else {})


def package(*parts: dict[str, Any]) -> dict[str, Any]:
    text = "Stem.\n" + "".join(f"\n## {one['id']}\nText of {one['id']}.\n" for one in parts)
    cases = [
        {"case": "all", "answers": {f"f_{one['id']}": "1" for one in parts}, "expect": {one["id"]: 1 for one in parts}},
        {"case": "seeded", "seed": 3, "answers": {}, "expect": {parts[0]["id"]: 0}},
    ]
    question = {"id": "q", "title": {"en": "Words", "de": "Worte"}, "parts": [*parts]}
    return {"question": question, "prompt": {"": text, "de": text}, "solution": {"": text}, "cases": cases, "files": {}}


def shown(found: dict[str, Any]) -> list[str]:
    return [one["id"] for one in found["question"]["parts"]]


def test_a_question_of_one_form_stays_as_it_is() -> None:
    whole = package(part("a", "1a", "number"), part("b", None, "text"))
    (only,) = forms_of(whole)
    assert (only.form, only.package) == (None, whole)
    (only,) = forms_of(package(part("a", "1a", "choice", "second")))
    assert shown(only.package) == ["a"]


def test_short_texts_have_an_automatic_form_and_proofs_a_written_one() -> None:
    whole = package(
        part("text", "1a", "text"),
        part("twin", "1a", "choice", "second"),
        part("number", "1b", "number"),
        part("order", "1c", "order"),
        part("written", "1c", "note", "second"),
    )
    printed, automatic, written = forms_of(whole)
    assert [one.form for one in (printed, automatic, written)] == [None, "automatic", "written"]
    assert shown(printed.package) == ["text", "number", "order"]
    assert shown(automatic.package) == ["twin", "number", "order"]
    assert shown(written.package) == ["text", "number", "written"]
    assert automatic.package["question"]["id"] == "q-automatic"
    assert automatic.package["question"]["title"] == {"en": "Words (automatic)", "de": "Worte (automatisch)"}
    assert all("form" not in one for one in automatic.package["question"]["parts"])


def test_texts_and_cases_keep_what_belongs_to_the_form() -> None:
    printed, automatic = forms_of(package(part("text", "1a", "text"), part("twin", "1a", "choice", "second")))
    assert printed.package["prompt"]["de"] == "Stem.\n\n## text\nText of text.\n\n"
    assert automatic.package["solution"][""] == "Stem.\n\n## twin\nText of twin.\n"
    assert printed.package["cases"] == [
        {"case": "all", "answers": {"f_text": "1"}, "expect": {"text": 1}},
        {"case": "seeded", "seed": 3, "answers": {}, "expect": {"text": 0}},
    ]
    # Under another name the seeds draw other variants.
    assert automatic.package["cases"] == [{"case": "all", "answers": {"f_twin": "1"}, "expect": {"twin": 1}}]


def test_every_form_of_the_bank_is_worth_the_same_and_asks_every_item_once(bank_packages: list[dict[str, Any]]) -> None:
    for whole in bank_packages:
        printed, *others = forms_of(whole)
        worth = sum(Fraction(str(one["points"])) for one in printed.package["question"]["parts"])
        items = [one.get("item") for one in printed.package["question"]["parts"]]
        for one in others:
            assert sum(Fraction(str(part["points"])) for part in one.package["question"]["parts"]) == worth
            assert [part.get("item") for part in one.package["question"]["parts"]] == items
