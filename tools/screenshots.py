"""Take the pictures of the documentation from a running demonstration (`make run`).

Usage: python -m tools.screenshots [ADDRESS]
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools import chromium

DOCS = Path(__file__).parents[1] / "docs"
DEPLOYEE = "sanne.velde"
HOLDER = "amira.haddad"
TRAINER = "willem.brouwer"
VERIFIER = "noor.abbink"
COLOURS = 128  # Text and flat areas need no more, and the files stay small.


def signed_in(browser: Browser, address: str, user_name: str) -> Page:
    """Return the first page of somebody of the demonstration, in English."""
    window = browser.new_page(base_url=address, viewport={"width": 1000, "height": 840})
    window.goto("/sign-in")
    window.click(f"form:has([value='{user_name}']) button")
    if window.get_attribute("html", "lang") != "en":
        window.click(".languages [value=en]")
    window.wait_for_selector("html[lang=en]")
    return window


def home(browser: Browser, address: str) -> None:
    """Show what a deployee sees first."""
    window = signed_in(browser, address, DEPLOYEE)
    window.screenshot(path=DOCS / "home.png")
    shrink(DOCS / "home.png")


def progress(browser: Browser, address: str) -> None:
    """Show who is where, as a trainer sees it."""
    window = signed_in(browser, address, TRAINER)
    window.goto("/progress/")
    window.screenshot(path=DOCS / "progress.png")
    shrink(DOCS / "progress.png")


def cards(browser: Browser, address: str) -> None:
    """Show a sheet of start cards."""
    window = signed_in(browser, address, TRAINER)
    window.goto("/start-cards/")
    if window.is_enabled("#anew"):
        window.check("#anew")
    window.click("form.task-card button.go")
    window.locator(".a4").first.screenshot(path=DOCS / "start-cards.png")
    shrink(DOCS / "start-cards.png")


def record(browser: Browser, address: str) -> None:
    """Show the record of one person, as HR finds it by name."""
    window = signed_in(browser, address, VERIFIER)
    window.goto("/records/")
    window.fill("[type=search]", "kim min-seo")
    window.keyboard.press("Enter")
    window.wait_for_selector("#standing")
    window.screenshot(path=DOCS / "record.png")
    shrink(DOCS / "record.png")


def certificate(browser: Browser, address: str) -> None:
    """Show the document of somebody who has passed."""
    window = signed_in(browser, address, HOLDER)
    window.click("#certificates ~ ul a")
    with window.expect_download() as started:
        window.click("a[href$='en.pdf']")
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "certificate.pdf"
        started.value.save_as(paper)
        options = ["-png", "-singlefile", "-r", "110"]
        command = ["pdftoppm", *options, str(paper), str(DOCS / "certificate")]
        subprocess.run(command, check=True)  # noqa: S603
    shrink(DOCS / "certificate.png")


def shrink(path: Path) -> None:
    """Keep a picture with as many colours as it needs."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(DOCS.parent)}: {path.stat().st_size // 1000} kB")


def main() -> int:
    """Take them all."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        for take in (home, progress, cards, record, certificate):
            take(browser, address)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
