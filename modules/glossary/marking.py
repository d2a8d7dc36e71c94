"""Where a word of the glossary first stands in a lesson, it opens its meaning. Pure.

It is a button with a popover, as HTML has them: without script, by keyboard, and closed by Escape.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser

from modules.glossary.files import Term
from modules.glossary.finding import pattern
from modules.glossary.told import Told, told

# What never begins a line. A browser may break one between a button and what follows it.
CLOSING = re.compile(r"[.,;:!?)\]\u2019\u201d]*")
# What opens or leads somewhere already, what is a name, and what is quoted letter by letter.
LEFT_ALONE = frozenset({"h2", "h3", "h4", "a", "summary", "code", "pre"})


def marked(
    terms: Sequence[Term], parts: Sequence[Mapping[str, str]], lesson: str, own: str
) -> tuple[Mapping[str, str], ...]:
    """Return the parts of a lesson with the first place of each term as a button."""
    words = _Words(terms, lesson, own)
    return tuple({**part, "html": _Marker(words).marked(part["html"])} for part in parts)


class _Words:
    """The terms that a page has not shown yet."""

    def __init__(self, terms: Sequence[Term], lesson: str, own: str) -> None:
        self.terms = [(term, pattern(term.find[lesson])) for term in terms]
        self.any = pattern(word for term in terms for word in term.find[lesson]) if terms else None
        self.lesson = lesson
        self.own = own
        self.shown: set[int] = set()

    def mark(self, text: str) -> str:
        """Return a text with the words that come in it for the first time as buttons."""
        done, at = "", 0
        while self.any and (found := self.any.search(text, at)):
            number, start, end = self._place(found)
            closing = CLOSING.match(text, end)
            done += text[at:start]
            at = closing.end() if closing else end
            done += self._once(number, text[start:end], text[end:at])
        return done + text[at:]

    def _place(self, found: re.Match[str]) -> tuple[int, int, int]:
        """Return which term was found, and where; of "by sex" only "sex" is the term."""
        whole = (n for n, (_t, words) in enumerate(self.terms) if words.fullmatch(found[0]))
        number = next(whole)
        term = pattern([self.terms[number][0].term[self.lesson]]).search(found[0])
        start, end = term.span() if term else (0, len(found[0]))
        return number, found.start() + start, found.start() + end

    def _once(self, number: int, text: str, closing: str) -> str:
        if number in self.shown:
            return text + closing
        self.shown.add(number)
        # No heading has an id with an underscore.
        place = f"word_{number + 1}"
        meaning = _meaning(place, told(self.terms[number][0], self.lesson, self.own))
        button = f'<button type="button" class="word" popovertarget="{place}">{text}</button>'
        word = button + meaning
        return f'<span class="whole">{word}{closing}</span>' if closing else word


class _Marker(HTMLParser):
    """Clean HTML written out again as it was, but for the words in its running text."""

    def __init__(self, words: _Words) -> None:
        super().__init__(convert_charrefs=False)
        self.words = words
        self.within = 0
        self.written: list[str] = []

    def marked(self, html: str) -> str:
        """Return the HTML with its words marked."""
        self.feed(html)
        self.close()
        return "".join(self.written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Write the tag as it was."""
        self.within += tag in LEFT_ALONE
        self.written.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Write the tag as it was."""
        self.within -= tag in LEFT_ALONE
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Mark the words, where words may be marked."""
        self.written.append(data if self.within else self.words.mark(data))

    def handle_entityref(self, name: str) -> None:
        """Write the character as it was."""
        self.written.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write the character as it was."""
        self.written.append(f"&#{name};")


def _meaning(place: str, word: Told) -> str:
    return (
        f'<span class="meaning" id="{place}" popover>'
        f'<strong lang="{word.own_language}">{escape(word.own)}</strong> '
        f'<span lang="{word.meaning_language}">{escape(word.meaning)}</span></span>'
    )
