"""A file is a stem and one section per part."""

from __future__ import annotations

from graders.sections import split

TEXT = """\ufeffThe stem.

# A heading of the stem

## mu ##
Give the mean.
### Hint
```
## not a section
~~~
```

## sigma
Give the deviation.
"""


def test_a_file_falls_into_its_stem_and_its_parts():
    found = split(TEXT, ["mu", "sigma"])
    assert found.stem.text == "The stem.\n\n# A heading of the stem\n\n"
    assert found.stem.line == 1
    assert found.of("mu").text.startswith("Give the mean.\n### Hint\n```\n## not a section")
    assert found.of("mu").line == 6
    assert found.of("sigma").text == "Give the deviation.\n"
    assert found.problems == []


def test_unknown_missing_double_and_empty_sections_are_problems_with_their_line():
    found = split("stem\n## a\nx\n## b\ny\n## a\nz\n## c\n\n", ["a", "c", "d"], "prompt.md")
    assert [str(problem) for problem in found.problems] == [
        "prompt.md:4: There is no part `b`; `##` starts the section of a part, `###` other headings.",
        "prompt.md:6: There are two sections for part `a`.",
        "prompt.md:8: The section `## c` is empty.",
        "prompt.md: The section `## d` is missing.",
    ]
    assert found.of("a").text == "x\n"
    assert found.of("d").text == ""


def test_an_empty_file_lacks_everything():
    assert len(split("", ["a"]).problems) == 1
