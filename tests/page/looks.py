"""What the tests of the page's tabs share: a phone, pictures for docs/, axe-core."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EVIL = '<img src=x onerror=alert(1)>"onmouseover="alert(2)'


def picture(page: Page, name: str) -> None:
    """A picture for docs/, where HOIBAO_SCREENSHOTS names the folder."""
    folder = os.environ.get("HOIBAO_SCREENSHOTS")
    if folder:
        page.mouse.move(0, 0)
        page.wait_for_timeout(900)
        page.screenshot(path=Path(folder) / name)


def loud(page: Page) -> list[str]:
    """What axe-core finds that is serious or worse, in words."""
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']][:4]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def fits(page: Page) -> bool:
    """Whether nothing reaches over the edge of the screen."""
    return bool(
        page.evaluate("""document.documentElement.scrollWidth <= innerWidth
            && document.querySelector('.gradio-container').scrollWidth <= innerWidth""")
    )
