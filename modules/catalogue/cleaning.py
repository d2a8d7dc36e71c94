"""The only HTML that a lesson may consist of; whatever else gets here is taken out."""

import nh3

from modules.catalogue.outline import BOXES

TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "br"),
    *("strong", "em", "a", "code", "img", "figure", "figcaption"),
    *("aside", "section", "details", "summary"),
}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={
        "*": set(),
        "a": {"href"},
        "h2": {"id"},
        "h3": {"id"},
        "h4": {"id"},
        "p": {"id"},
        "img": {"src", "alt"},
        "ol": {"start"},
    },
    # A note is no landmark: a page of asides would otherwise be a maze for a screen reader.
    tag_attribute_values={
        "aside": {"role": {"note"}, "data-category": set(BOXES["task"])},
        "p": {"tabindex": {"-1"}},
    },
    allowed_classes={
        "aside": {"key", "task", "notice"},
        "section": {"sensitive", "check", "sources"},
        "p": {"label", "after-sensitive"},
        "a": {"skip"},
    },
    url_schemes={"https"},
    link_rel=None,
)


def clean(html: str) -> str:
    """Return the HTML with nothing in it that is not on the list."""
    return _CLEANER.clean(html).strip()
