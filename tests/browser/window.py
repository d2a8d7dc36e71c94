"""A window of a real browser that inspects every page it shows, whatever the test is about."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

PATIENCE = 60_000  # Milliseconds; the machine may be busy.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
ON_ITS_OWN = re.compile(r"^(data|blob):")


class Window:
    """One page of a browser context; `beside` opens another one of the same context."""

    def __init__(self, context: BrowserContext, *, scripted: bool = True) -> None:
        context.set_default_timeout(PATIENCE)
        self.context = context
        self.scripted = scripted
        self.tolerated: list[str] = []
        self.troubles: list[str] = []
        self.axe = Axe()
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._trouble(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def beside(self) -> "Window":
        """Open another tab of the same browser."""
        return Window(self.context, scripted=self.scripted)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._trouble(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not ON_ITS_OWN.match(request.url) and urlsplit(request.url).hostname != "127.0.0.1":
            self._trouble(f"a request leaves the site: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._trouble(f"{response.status} at {response.url}")

    def _trouble(self, text: str) -> None:
        self.troubles.append(f"{text} (on {self.page.url})")

    def tolerate(self, *parts: str) -> None:
        """Allow what a test provokes: trouble that contains one of these."""
        self.tolerated += parts

    def refuse_trouble(self) -> None:
        """Fail on what the console, the network or a script has complained of."""
        left = [t for t in self.troubles if not any(part in t for part in self.tolerated)]
        assert not left, left

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path)
        self.inspect()

    def press(self, selector: str) -> None:
        """Press what leads to another page, and inspect that."""
        self.send(selector)
        self.inspect()

    def send(self, selector: str) -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def inspect(self) -> None:
        """Fail on anything that is wrong on every page."""
        self.refuse_trouble()
        assert self.page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways: {self.page.url}"
        if self.scripted:
            found = self.axe.run(self.page, options=AXE)
            assert not found.violations_count, f"{self.page.url}\n{found.generate_report()}"

    @property
    def place(self) -> str:
        """Return the path of the page shown."""
        return urlsplit(self.page.url).path

    @property
    def language(self) -> str | None:
        """Return the language the page says it is in."""
        return self.page.get_attribute("html", "lang")

    def text(self, selector: str = "main") -> str:
        """Return the text of a part of the page as it can be seen."""
        return self.page.inner_text(selector)

    def wait(self, selector: str) -> None:
        """Wait until something is on the page."""
        self.page.wait_for_selector(selector)

    def sign_in(self, user_name: str, password: str) -> None:
        """Sign in at whatever page asks for it."""
        if self.place != "/sign-in":
            self.open("/sign-in")
        self.page.fill("#user_name", user_name)
        self.page.fill("#password", password)
        self.press("form.card button")

    def set_up_second_step(self) -> None:
        """Set the second step up with the key that the page shows, and go on."""
        key = self.text("p.code").replace(" ", "")
        self.page.fill("#code", pyotp.TOTP(key).now())
        self.press("form.card button")
        self.press("a.go")

    def choose(self, keys: list[str]) -> None:
        """Choose the options of a question; with script, wait until each choice is saved."""
        for key in keys:
            self.page.check(f"[name=choice][value={key}]")
            if self.scripted:
                self.wait(".saved[data-state=saved]")

    def read_all(self) -> None:
        """Read every lesson from the first page on, by its one button and then by Next."""
        self.press("a.go")
        while "/lessons/" in self.place:
            self.press(".onward button.go")

    def download(self, press: Callable[[], None]) -> bytes:
        """Do what downloads a file, and return it."""
        with self.page.expect_download() as started:
            press()
        return started.value.path().read_bytes()
