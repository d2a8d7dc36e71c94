"""The certificate as a PDF: the same data gives the same bytes, and no character is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from certificates.register import fonts
from certificates.register.component import Component
from certificates.register.wording import WORDINGS, day, duration, said
from training import typesetting
from training.errors import spoken


@dataclass(frozen=True)
class CertificateData:
    """Hold everything a certificate says; what has no field here cannot be printed."""

    number: str
    code: str
    holder_name: str
    native_name: str | None
    rank: str | None
    course_titles: Mapping[str, str]
    version: str
    minutes: int
    modules: tuple[Mapping[str, str], ...]
    partial: bool
    organisation: str
    achieved_on: date
    valid_from: date
    valid_until: date
    components: tuple[Component, ...]
    verify_url: str
    verify_page: str
    approved_by: str | None
    approved_on: date | None
    demonstration: bool


class DocumentBlocked(Exception):
    """Say why a document may not be made and what to do, without naming the holder."""

    def __init__(self, reason: str, remedy: str) -> None:
        """Keep both sentences apart for the page that shows them."""
        super().__init__(f"{reason} {remedy}")
        self.reason = reason
        self.remedy = remedy


def render(data: CertificateData, language: str) -> bytes:
    """Return the PDF of the certificate in the language, or raise DocumentBlocked."""
    _refuse_characters(data)
    with typesetting.ONE_AT_A_TIME:
        for density in ("", "dense"):
            document = _laid_out(_html(data, language, density))
            if len(document.pages) == 1:
                pdf: bytes = document.write_pdf(
                    finisher=_finish,
                    pdf_variant="pdf/ua-1",
                    pdf_identifier=data.number.encode(),
                )
                return pdf
    raise DocumentBlocked(
        spoken("The certificate does not fit on one page."),
        spoken(
            "Shorten the title of the course, the names of its modules or the organisation's name."
        ),
    )


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(typesetting.FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(day=day, duration=duration, said=said, writing=fonts.writing)
    return environment.get_template("certificate.html")


def _html(data: CertificateData, language: str, density: str) -> str:
    # Level M is read from a 150 dpi scan; more would only make the modules smaller. A picture
    # costs a quarter of what WeasyPrint takes to draw paths, and no viewer shows seams in it.
    code = segno.make(data.verify_url, error="m", boost_error=False, micro=False)
    html: str = _template().render(
        data=data,
        language=language,
        wording=WORDINGS[language],
        density=density,
        qr=code.png_data_uri(scale=8, border=0),
    )
    return html


def _laid_out(html: str) -> Any:
    try:
        return typesetting.laid_out(html, "certificate.css")
    except typesetting.engine().weasyprint.urls.FatalURLFetchingError as refused:
        raise DocumentBlocked(
            spoken("The document asks for a file or an address outside itself."),
            spoken("Report this to the administrator of the platform."),
        ) from refused


def _refuse_characters(data: CertificateData) -> None:
    texts = (data.holder_name, data.native_name, data.rank, data.organisation)
    _block(fonts.undrawable("".join(text or "" for text in texts)))


def _finish(document: Any, pdf: Any) -> None:
    """Refuse a page with a box instead of a character, and put the QR code's frame right."""
    missing = {code for font in document.fonts.values() for code in font.missing}
    _block([chr(code) for code in sorted(missing)])
    # WeasyPrint gives the frame in pixels from the top, PDF wants points from the bottom.
    height = document.pages[0].height
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/Figure":
            left, top, right, bottom = element["A"]["BBox"]
            frame = (left, height - bottom, right, height - top)
            element["A"]["BBox"][:] = [value * 0.75 for value in frame]


def _block(characters: list[str]) -> None:
    if characters:
        named = ", ".join(f"U+{ord(character):04X}" for character in characters)
        raise DocumentBlocked(
            spoken("The certificate cannot show every character") + f": {named}.",
            " ".join(
                [
                    spoken("Correct the name, or leave out the name in the person's own script."),
                    *fonts.problems(),
                ]
            ),
        )
