from tests.browser.conftest import *  # noqa
from tests.browser.test_accessibility import open_as
import pytest
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shot(served, new_context, theme):
    page = open_as(new_context, "mara", color_scheme=theme)
    for n, key in enumerate(("{twice_quiz}/quality", "{desk_quiz}/quality", "{twice_answer}")):
        page.goto(key.format(**served)); page.screenshot(path=f"/tmp/g/s5/quality/{theme}{n}.png", full_page=True)
