"""Counting what hands do in a window: every press of the mouse or tap of a finger, typing not."""

import os
from pathlib import Path

from tests.browser.window import Window

# Whoever wants to see the runs says where the pictures go.
PICTURES = Path(os.environ["PICTURES"]) if "PICTURES" in os.environ else None
NOTE_PRESSES = "addEventListener('pointerdown', () => globalThis.pressed(), true)"


class Hands:
    """Whoever sits before one or more windows, one after the other."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.presses = 0
        self.pictures = 0

    def _press(self, *_where: object) -> None:
        self.presses += 1

    def at(self, window: Window) -> Window:
        """Count in this window from the next page on."""
        window.context.expose_binding("pressed", self._press)
        window.context.add_init_script(NOTE_PRESSES)
        return window

    def look(self, window: Window) -> None:
        """Take a picture of what is shown."""
        self.pictures += 1
        if PICTURES:
            place = PICTURES / f"{self.run}-{self.pictures:02}.png"
            window.page.screenshot(path=place, full_page=True)

    def press(self, window: Window, selector: str) -> None:
        """Press what leads to another page, and look at that.

        What is wrong with a page of itself is for other tests: looking for it takes its time.
        """
        window.send(selector)
        window.refuse_trouble()
        self.look(window)

    def fill(self, window: Window, selector: str, value: str) -> None:
        """Press a field, and type."""
        window.page.click(selector)
        window.page.fill(selector, value)

    def choose_file(self, window: Window, selector: str, file: Path) -> None:
        """Choose a file: in the dialog it takes a press on the file and one on Open."""
        with window.page.expect_file_chooser() as chooser:
            window.page.click(selector)
        chooser.value.set_files(file)
        self.presses += 2
