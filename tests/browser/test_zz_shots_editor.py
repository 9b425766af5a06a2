from tests.browser.test_editor_claims import *
import pytest
@pytest.mark.parametrize("scheme,width",[("light",1400),("dark",1400),("light",320)])
def test_shots(author, scheme, width):
    page=author
    page.on("pageerror", lambda e: print("ERR",e)); page.on("console", lambda m: print(m.type,m.text) if m.type=="error" else None)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    field=short_text(page)
    page.wait_for_timeout(800); page.screenshot(path="/tmp/g/s4/editor/x.png", full_page=True); print(field.inner_text()[:3000]); print(field.get_by_role("group").evaluate_all("a=>a.map(x=>x.getAttribute(\"aria-label\"))"))
    entry(field, "Claims: no_gradient").get_by_label("Near").fill("[nought")
    page.wait_for_timeout(1200)
    page.screenshot(path=f"/tmp/g/s4/editor/form-{scheme}-{width}.png", full_page=True)
    entry(field, "Claims: no_gradient").get_by_label("Near").fill("any gradient")
    entry(field, "Claims: no_learning").get_by_label("Earn").fill("any learn")
    entry(field, "Claims: no_learning").get_by_label("Deny").fill("")
    table=try_answers(page, ANSWERS+"\n2 | It is not so that blorg.")
    table.get_by_role("button", name="Keep answer 1 as a case").click()
    table.get_by_text("If it were changed").first.click()
    page.screenshot(path=f"/tmp/g/s4/editor/try-{scheme}-{width}.png", full_page=True)
