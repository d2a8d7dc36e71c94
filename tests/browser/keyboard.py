"""Working a window by keyboard alone, with the focus always in sight, and noting the keys."""

from itertools import groupby
from pathlib import Path

from tests.browser.window import Window

PAGE = Path(__file__).parents[2] / "docs" / "keyboard.md"
FURTHEST = 150  # Presses of Tab; a page that needs more is too long a way.
INTRODUCTION = """\
# The way through by keyboard

From signing in to the verified certificate with Tab, Shift+Tab, Space, Enter and the arrow keys
alone, in Chromium at 1280 x 800. On every stop the test demands that the focus can be seen.
Recorded by `RECORD=1 .venv/bin/python -m pytest tests/browser/test_keyboard.py`; the questions are
drawn anew each time, so their keys differ.

| page | keys | presses |
|---|---|---|
"""
FOCUS = """() => {
  const focused = document.activeElement;
  const box = focused.getBoundingClientRect();
  const marked = [focused, focused.closest("label")].some((element) => {
    if (!element) return false;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
  });
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const what = focused.outerHTML.slice(0, 200);
  return { seen: marked && inside, what, page: focused === document.body };
}"""


class Keyboard:
    """Hands on the keyboard of a window, and none on its mouse."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.page = window.page
        self.moved = True
        self.path: list[tuple[str, list[str]]] = []  # The heading of each page, and its keys.

    def open(self, path: str) -> None:
        """Type an address: the browser's own part, which no page can make easy or hard."""
        self.window.open(path)
        self.moved = True

    def press(self, key: str) -> None:
        """Press one key."""
        if self.moved:
            self.path.append((self.page.inner_text("h1"), []))
            self.moved = False
        self.path[-1][1].append(key)
        self.page.keyboard.press(key)

    def type(self, text: str, meaning: str) -> None:
        """Type a text, noted by its meaning."""
        self.path[-1][1].append(f"({meaning})")
        self.page.keyboard.type(text)

    def to(self, selector: str, key: str = "Tab") -> None:
        """Move the focus, one stop after another, to an element."""
        for _ in range(FURTHEST):
            self.press(key)
            focus = self.page.evaluate(FOCUS)
            assert focus["page"] or focus["seen"], f"focus unseen: {self.page.url} {focus['what']}"
            if self.on(selector):
                return
        raise AssertionError(f"{selector} cannot be reached on {self.page.url}")

    def on(self, selector: str) -> bool:
        """Tell whether the focus is on an element."""
        found: bool = self.page.evaluate("s => document.activeElement.matches(s)", selector)
        return found

    def skip(self) -> None:
        """Take the first stop of a page, which leads past the menu."""
        self.to(".skip-link")
        self.press("Enter")
        assert self.on("main")

    def follow(self, selector: str) -> None:
        """Go to a link or a button, and press it."""
        self.to(selector)
        self.enter()

    def enter(self) -> None:
        """Press Enter where that leads to another page."""
        with self.page.expect_navigation():
            self.press("Enter")
        self.moved = True
        self.window.inspect()

    def choose(self, keys: list[str]) -> None:
        """Choose the options of a question: by the arrows among radio buttons, by Space else."""
        if self.page.query_selector("[name=choice][type=checkbox]"):
            for key in sorted(keys, key=self._values().index):
                self.to(f"[name=choice][value={key}]")
                self.press("Space")
        else:
            self.to("[name=choice]")
            steps = self._values().index(keys[0])
            for step in ["ArrowDown"] * steps or ["Space"]:
                self.press(step)
        self.window.wait(".saved[data-state=saved]")

    def _values(self) -> list[str]:
        values = "options => options.map(option => option.value)"
        found: list[str] = self.page.eval_on_selector_all("[name=choice]", values)
        return found

    def record(self) -> None:
        """Write the path down."""
        lines = [f"| {page} | {spelled(keys)} | {pressed(keys)} |\n" for page, keys in self.path]
        total = sum(pressed(keys) for _, keys in self.path)
        PAGE.write_text(f"{INTRODUCTION}{''.join(lines)}| **all** | | **{total}** |\n", "utf-8")


def pressed(keys: list[str]) -> int:
    """Count the keys that move or act; what is typed in is not one of them."""
    return sum(not key.startswith("(") for key in keys)


def spelled(keys: list[str]) -> str:
    """Write keys the short way: `Tab` three times is `Tab x 3`."""
    runs = ((key, len(list(same))) for key, same in groupby(keys))
    return ", ".join(key if n == 1 else f"{key} x {n}" for key, n in runs)
