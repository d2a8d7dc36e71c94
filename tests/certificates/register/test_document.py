"""The certificate is read back: as a picture, as text, as tags and as bytes."""

import io
import logging
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from certificates.register import document
from certificates.register.component import Component
from certificates.register.document import CertificateData, DocumentBlocked, render
from certificates.register.wording import WORDINGS, day, duration, said
from training import typesetting
from training.places import TEMPLATES

# For a seal that shows: left, bottom, right and top in points from the lower left corner.
SEAL_PLACE = (614, 80, 778, 168)
CONDUCT = {"en": "Conduct", "nl": "Gedrag", "fr": "Déontologie"}
DATA = CertificateData(
    number="4F7K-92MD-XT",
    code="ABCD-EFGH-JKMN-PQRS",
    holder_name="Johanna van der Meer",
    native_name=None,
    rank="Sergeant-major",
    course_titles={"en": "Women, Peace and Security", "nl": "Vrouwen, Vrede en Veiligheid"},
    version="1.2.0",
    minutes=390,
    modules=({"en": "Resolution 1325"}, CONDUCT),
    partial=False,
    organisation="Ministry of Defence of Tarsa",
    achieved_on=date(2026, 3, 12),
    valid_from=date(2026, 3, 14),
    valid_until=date(2028, 3, 13),
    components=(Component(CONDUCT, date(2027, 3, 11)),),
    verify_url="HTTPS://EXAMPLE.ORG/V/4F7K-92MD-XT/ABCD-EFGH-JKMN-PQRS",
    verify_page="example.org/verify",
    approved_by="Gender adviser",
    approved_on=date(2026, 2, 1),
    demonstration=False,
)
PARTIAL = replace(DATA, partial=True, modules=(CONDUCT,), approved_by=None, approved_on=None)
LONG_NAME = "Maximiliana-Alexandrina Wolfeschlegelsteinhausen van Oldenbarnevelt-Ten Broeckes"


def text_of(pdf: bytes, *options: str) -> str:
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def line_of(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


def picture_of(pdf: bytes, dpi: int) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-png", "-"]
    made = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(made))


def decoded(pdf: bytes) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(picture_of(pdf, 150))
    return code


def parts_of(part: Any) -> Iterator[Any]:
    part = part.get_object()
    if isinstance(part, dict):
        if "/S" in part:
            yield part
        kids = part.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from parts_of(kid)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(DATA, "en")


def test_the_code_on_the_printed_page_opens_the_verification(pdf: bytes) -> None:
    code = decoded(pdf)
    assert code.text == DATA.verify_url
    assert code.ec_level == "M"
    width = code.position.top_right.x - code.position.top_left.x
    assert width / 150 * 25.4 == pytest.approx(38, abs=1)


def test_the_place_for_the_seal_is_left_white_on_the_fullest_page() -> None:
    page = "certificates.training.defence-and-security.tarsa.example.org/verify"
    picture = picture_of(render(replace(DATA, demonstration=True, verify_page=page), "fr"), 72)
    left, bottom, right, top = SEAL_PLACE
    place = picture.convert("L").crop((left, 595 - top, right, 595 - bottom))
    assert place.getextrema() == (255, 255)


def test_the_document_is_one_tagged_landscape_page_with_language_and_title(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.root_object
    (page,) = reader.pages
    assert [round(side / 72 * 25.4) for side in page.mediabox] == [0, 0, 297, 210]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("en", True)
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate 4F7K-92MD-XT"
    assert DATA.holder_name not in str(reader.metadata)


def test_the_picture_of_the_code_has_words_and_a_frame_on_the_page(pdf: bytes) -> None:
    root: Any = PdfReader(io.BytesIO(pdf)).root_object
    (figure,) = [part for part in parts_of(root["/StructTreeRoot"]) if part["/S"] == "/Figure"]
    assert "example.org/verify" in figure["/Alt"]
    left, bottom, right, top = (float(side) / 72 * 25.4 for side in figure["/A"]["/BBox"])
    assert right - left == pytest.approx(38, abs=0.1)
    assert top - bottom == pytest.approx(38, abs=0.1)
    assert (left > 150, right < 297, bottom > 105, top < 210) == (True,) * 4


def test_the_same_data_gives_the_same_bytes(pdf: bytes) -> None:
    render(replace(DATA, holder_name="王小明", demonstration=True), "nl")
    assert render(DATA, "en") == pdf


@pytest.mark.parametrize("language", WORDINGS)
def test_everything_that_counts_is_on_the_page_in_every_language(language: str) -> None:
    page = line_of(render(DATA, language))
    wording = WORDINGS[language]
    dates = (DATA.achieved_on, DATA.valid_from, DATA.valid_until, DATA.components[0].valid_until)
    for words in (
        DATA.number,
        DATA.code,
        DATA.rank,
        DATA.holder_name,
        said(DATA.course_titles, language),
        "1.2.0",
        duration(390, language),
        *(day(when, language) for when in dates),
        CONDUCT[language],
        DATA.organisation,
        DATA.verify_page,
        wording.caution,
        wording.mapped,
        wording.not_theirs,
        wording.seal,
        "1325",
    ):
        assert " ".join((words or "?").split()) in page


def test_number_code_and_name_are_copied_in_that_order(pdf: bytes) -> None:
    page = line_of(pdf)
    places = [page.index(words) for words in (DATA.number, DATA.code, DATA.holder_name)]
    assert places == sorted(places)


def test_a_partial_version_says_what_it_contains_and_claims_nothing_more() -> None:
    page = line_of(render(PARTIAL, "en"))
    assert "This version contains only: Conduct." in page
    assert "Content version 1.2.0." in page
    assert "not yet approved by a gender adviser" in page
    assert "CPTM" not in page
    assert "1325" not in page


def test_a_demonstration_says_so_across_the_page_and_beside_the_code() -> None:
    made = render(replace(DATA, demonstration=True), "nl")
    assert text_of(made, "-raw").count("DEMONSTRATION") == 2
    assert f"DEMONSTRATION {WORDINGS['nl'].demonstration}" in line_of(made)
    assert decoded(made).text == DATA.verify_url


@pytest.mark.parametrize("name", [LONG_NAME, "W" * 80, "王" * 40])
def test_a_name_of_eighty_characters_stays_whole_on_one_page(name: str) -> None:
    made = render(replace(DATA, holder_name=name, modules=(CONDUCT,) * 12), "fr")
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert name.replace(" ", "") in "".join(text_of(made).split())
    assert WORDINGS["fr"].seal in line_of(made)


def test_what_cannot_fit_on_one_page_is_refused_with_what_to_do() -> None:
    with pytest.raises(DocumentBlocked, match="does not fit on one page"):
        render(replace(DATA, modules=({"en": "A module " * 12},) * 40), "en")


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://localhost/x", "https://x.org/x"])
def test_the_document_fetches_no_file_and_no_address(url: str) -> None:
    with pytest.raises(ValueError, match="disallowed protocol"):
        typesetting.engine().fetcher.fetch(url)
    with pytest.raises(DocumentBlocked) as blocked:
        document._laid_out(f'<html lang="en"><title>x</title><img src="{url}" alt="x">')
    assert url not in str(blocked.value)


def test_weasyprint_has_nothing_to_complain_about(caplog: pytest.LogCaptureFixture) -> None:
    shared = typesetting.engine()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        shared.weasyprint.CSS(string=(TEMPLATES / "documents/certificate.css").read_text())
        render(replace(DATA, native_name="ليلى الحسن", demonstration=True), "en")
    assert not caplog.records
