"""The second tab of the code, and what is asked about a step: in step with the player, and in the address."""

import re

from playwright.sync_api import expect

from swin_viz.lessons.shift import TAUGHT
from tests.browser.hands import answered, frame, sent, violations
from tests.browser.lesson.hands import SMALL_GRIDS, opened


def test_the_courses_code_follows_the_step_and_stays_when_the_page_is_opened_again(server, page) -> None:
    frames = sent(page)
    opened(page, f"{server}/shift")
    answered(page)
    frames.clear()
    page.get_by_role("tab", name="Course code").click()
    for step in SMALL_GRIDS["shift"].steps:
        lit = page.locator(".running:not([hidden]) .code .lit").all_inner_texts()
        assert [line.strip() for line in lit] == [TAUGHT.code[i].strip() for i in TAUGHT.lit(step.key)]
        expect(page.locator(".errata:visible", has_text="Courses have no line")).to_have_count(int(not lit))
        if page.locator(".player .main:visible").get_attribute("href") is None:  # at the end it is a link
            page.get_by_role("button", name="Next", exact=True).click()
        frame(page)
    assert len(frames) <= len(SMALL_GRIDS["shift"].steps) + 1  # for the address alone
    expect(page).to_have_url(re.compile("course=1"))
    page.reload()
    expect(page.get_by_role("tab", name="Course code")).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="Pair by pair", exact=True).click()  # chosen once, it is chosen everywhere
    expect(page.get_by_role("heading", level=1)).to_contain_text("pair by pair")
    expect(page.get_by_role("tab", name="Course code")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Course code").press("ArrowLeft")
    expect(page.get_by_role("tab", name="Running code")).to_be_focused()
    expect(page).not_to_have_url(re.compile("course=1"))


def test_what_the_tour_has_wrong_is_struck_through_and_questions_are_answered_in_place(server, page) -> None:
    opened(page, f"{server}/windows?step=2&course=1")
    expect(page.locator(".code .lit del")).to_contain_text("P - W % P")
    expect(page.locator(".errata")).to_contain_text("300×401 px become 304×404; 300×404 would do")
    opened(page, f"{server}/mask?step=8")
    asked = page.locator(".asked details:visible")
    expect(asked).to_have_count(1)
    asked.locator("summary").click()
    expect(asked).to_contain_text("0 of 38,416 entries")
    page.keyboard.press("End")
    expect(asked).to_have_count(3)
    opened(page, f"{server}/shift?step=2")
    asked.locator("summary").click()
    expect(asked).to_contain_text("up to 73.97 % of the pairs would be blocked")
    assert violations(page) == []
