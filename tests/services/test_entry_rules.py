"""From where, with what and with which word: what can be stored, and who satisfies it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from app.domain.errors import InvalidInput
from app.services.quizzes.entry_rules import Seen, in_safe_browser, inside, is_code, seen_at
from app.services.quizzes.quiz_rules import QuizRules, check_rules

KEY = "0123456789abcdef" * 4
PAGE = "https://gradus.example.org/attempts/x/questions/1?spare=2"
RULES = QuizRules("Exam")


@pytest.mark.parametrize(
    ("rules", "place", "says"),
    [
        (replace(RULES, access_code="x" * 101), "access_code", "at most 100 characters"),
        (replace(RULES, access_code="two\nlines"), "access_code", "one line"),
        (replace(RULES, networks="the lecture hall"), "networks", "written like 10.0.0.0/8"),
        (replace(RULES, networks="10.0.0.0/8,"), "networks", "separated by commas"),
        (replace(RULES, networks="none"), "networks", "Leave this empty"),
        (replace(RULES, networks=", ".join(["10.0.0.0/8"] * 201)), "networks", "at most 200 networks"),
        (replace(RULES, networks="1" * 5001), "networks", "at most 5000 characters"),
        (replace(RULES, browser_keys=f"{KEY}\n{KEY[1:]}"), "browser_keys", "Key 2 is no config key"),
        (replace(RULES, browser_keys="\n".join([KEY] * 101)), "browser_keys", "at most 100 keys"),
        (replace(RULES, honour="x" * 5001), "honour", "at most 5000 characters"),
        (replace(RULES, grace_seconds=3601), "grace_seconds", "0 to 3600 seconds"),
        (replace(RULES, late_days=-1), "late_days", "0 to 365 days"),
        (replace(RULES, late_percent=101), "late_percent", "0 to 100 percent"),
        (replace(RULES, decay_percent=101), "decay_percent", "0 to 100 percent"),
        (replace(RULES, mode="party"), "mode", "one of: exam, homework, practice"),  # type: ignore[arg-type]
        (replace(RULES, navigation="sideways"), "navigation", "one of: free, forward"),  # type: ignore[arg-type]
    ],
)
def test_rules_that_cannot_be_are_refused_in_one_sentence(rules: QuizRules, place: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refusal:
        check_rules(rules)
    assert refusal.value.place == place


def test_rules_that_can_be_pass() -> None:
    check_rules(RULES)
    check_rules(
        replace(
            RULES,
            mode="homework",
            navigation="forward",
            access_code=" blue whale ",
            networks="10.0.0.0/8, 2001:db8::/32,192.0.2.7",
            browser_keys=f"{KEY}\n{KEY.upper()}\n",
            grace_seconds=0,
            late_days=365,
            late_percent=100,
            decay_percent=100,
        )
    )


def test_a_code_is_the_same_whatever_its_case_and_blanks() -> None:
    for typed in ("blue whale", "Blue Whale", " BLUEWHALE ", "b l u e whale"):
        assert is_code("Blue whale", typed)
    for typed in ("", "blue", "blue whales", "bluе whale", "x" * 100_000):
        assert not is_code("Blue whale", typed)


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ("", "203.0.113.9", True),
        ("", "", True),
        ("10.0.0.0/8", "10.255.0.1", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("192.0.2.7, 2001:db8::/32", "2001:db8::1", True),
        ("192.0.2.7, 2001:db8::/32", "192.0.2.7", True),
        ("10.0.0.0/8", "::ffff:10.1.1.1", True),
        ("10.0.0.0/8", "::1", False),
        ("10.0.0.0/8", "testclient", False),
        ("10.0.0.0/8", "", False),
    ],
)
def test_a_network_lets_its_addresses_in(networks: str, address: str, allowed: bool) -> None:
    assert inside(networks, Seen(address)) is allowed


def test_only_a_safe_exam_browser_that_knows_a_key_can_say_so() -> None:
    def sent(url: str, key: str) -> str:
        # As its documentation says: the address without its fragment, then the key, hashed, in small hex digits.
        return hashlib.sha256((url + key).encode("ascii")).hexdigest()

    keys = f"{'f' * 64}\n{KEY}"
    assert in_safe_browser("", Seen())
    assert in_safe_browser(keys, seen_at("", PAGE, "", sent(PAGE, KEY)))
    assert in_safe_browser(keys.upper(), seen_at("", PAGE + "#field-mu", "", sent(PAGE, KEY)))
    assert in_safe_browser(keys, seen_at("", PAGE, "", sent(PAGE, KEY).upper()))
    # Behind a proxy that keeps its own name, people have asked for the public address.
    inner = "http://127.0.0.1:8000/attempts/x/questions/1?spare=2"
    assert in_safe_browser(keys, seen_at("", inner, "https://gradus.example.org", sent(PAGE, KEY)))
    for wrong in ("", KEY, sent(PAGE, "e" * 64), sent(PAGE + "0", KEY), "é" * 64):
        assert not in_safe_browser(keys, seen_at("", PAGE, "", wrong))
