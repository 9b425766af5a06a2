"""Scripts, styles and templates fit each other and the content security policy."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from app.web.assets import FOLDER, Assets
from app.web.templating import TEMPLATES
from tests.web.conftest import House

ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
OWN_SCRIPTS = [file for file in sorted(FOLDER.rglob("*.js")) if "vendor" not in file.parts]


def names(files: list[Path], folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in files]


@pytest.mark.parametrize("template", ALL_TEMPLATES, ids=names(ALL_TEMPLATES, TEMPLATES))
def test_a_template_asks_for_files_that_exist_and_has_nothing_inline(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    for name in re.findall(r"static\('([^']+\.\w+)'\)", source):
        assert (FOLDER / name).is_file(), name
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", source)
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"""(?:src|href|action|url)\s*[=(]\s*["']?https?:""", source)


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=names(OWN_SCRIPTS, FOLDER))
def test_a_script_imports_files_that_exist(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    for name in re.findall(r"""(?:from|import|import\()\s*["']([^"']+)["']""", source):
        assert name.startswith("."), name
        assert "/vendor/" in name or (script.parent / name).resolve().is_file(), name
    assert "eval(" not in source
    assert "innerHTML" not in source


def test_what_scripts_say_by_name_is_there() -> None:
    scripts = [file.read_text(encoding="utf-8") for file in OWN_SCRIPTS if "editor" not in file.parts]
    by_name = [source for source in scripts if "/words.js" in source]
    said = {name for source in by_name for name in re.findall(r'say\("([^"]+)"', source)}
    source = (TEMPLATES / "words.html").read_text(encoding="utf-8")
    assert said <= set(re.findall(r'^\s+"([^"]+)":', source, re.MULTILINE))


def test_what_the_editor_says_in_sentences_is_translated_for_its_page(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js/one.js").write_text('say("Move up"); say("Say \\"no\\"", { n })')
    assert Assets(tmp_path).sentences("js/") == ("Move up", 'Say "no"')
    assert "Undo" in Assets().sentences("js/editor/") or len(Assets().sentences("js/editor/")) > 100


def test_files_are_served_for_ever_under_the_hash_of_the_tree(small_house: House) -> None:
    address = small_house.app.state.assets.address("js/exam.js")
    answer = small_house.client.get(address)
    assert answer.text == (FOLDER / "js/exam.js").read_text(encoding="utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    plain = small_house.client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert small_house.client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_the_hash_follows_the_content(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a")
    first = Assets(tmp_path)
    assert Assets(tmp_path).hash == first.hash
    file.write_text("b")
    assert Assets(tmp_path).hash != first.hash


def test_pages_work_where_the_files_of_other_projects_were_not_fetched(tmp_path: Path) -> None:
    assert Assets(tmp_path).vendor_sheets == ()


def test_compressing_twice_gives_the_same_bytes() -> None:
    assets = Assets()
    assert assets._compressed("js/exam.js") is assets._compressed("js/exam.js")
    assert gzip.decompress(assets._compressed("js/exam.js")) == (FOLDER / "js/exam.js").read_bytes()
