"""A name in any script is drawn with real letters, or the document is refused."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from certificates.register import fonts
from certificates.register.document import DocumentBlocked, render
from tests.certificates.register.test_document import DATA, LONG_NAME, text_of

NAMES = {
    "Latin": "Łukasz Ţăranu-Şahin Øđß Ǻ Nguyễn Thị Ánh",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Cyrillic": "Олександр Шевченко",
    "Arabic": "ليلى عبد الرحمن الحسن",
    "Persian and Urdu": "محمد حسین پورعلی ٹھاکر",
    "Hebrew": "דוד בן־גוריון",
    "Devanagari": "राम बहादुर थापा",
    "Thai": "สมชาย ใจดี",
    "Chinese": "王小明",
    "Japanese": "山田 さくら",
    "Korean": "김철수",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_in_any_script_is_drawn_and_can_be_copied(name: str) -> None:
    made = render(replace(DATA, holder_name=name, native_name=name), "en")
    assert text_of(made).count(name) == 2
    assert PdfReader(io.BytesIO(made)).pages[0].extract_text().count(name) == 2


@pytest.mark.parametrize(
    ("first", "last"), [("ليلى", "الحسن"), ("محمد", "ٹھاکر"), ("דוד", "גוריון")]
)
def test_a_name_from_right_to_left_begins_on_the_right(first: str, last: str) -> None:
    # In the boxes of words pdftotext gives letters as they lie on the page, from the left.
    boxes = text_of(render(replace(DATA, native_name=f"{first} {last}"), "en"), "-bbox")
    left = {
        name: float(line.split('"')[1])
        for line in boxes.splitlines()
        for name in (first, last)
        if name[::-1] in line
    }
    assert left[first] > left[last]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Ann \ue000 Other", "U+E000"),
        ("Ann \u0378", "U+0378"),
        ("Ann 𓀀", "U+13000"),
        ("Ann\nOther", "U+000A"),
        ("Ann \u202erehtO", "U+202E"),
        ("Ann \ufffd", "U+FFFD"),
    ],
)
def test_a_character_no_font_can_draw_is_refused_by_its_code(name: str, named: str) -> None:
    with pytest.raises(DocumentBlocked) as blocked:
        render(replace(DATA, native_name=name), "en")
    assert named in blocked.value.reason
    assert "Ann" not in str(blocked.value)
    assert blocked.value.remedy.endswith(".")


def test_a_missing_character_writes_nothing_of_the_name_to_a_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(DocumentBlocked):
        render(replace(DATA, holder_name="Ann 𓀀"), "en")
    assert not caplog.records


def test_markup_in_a_name_is_printed_as_text() -> None:
    name = '<img src="file:///etc/hostname">'
    assert name in text_of(render(replace(DATA, holder_name=name), "en"))


def test_this_machine_can_make_documents() -> None:
    assert fonts.problems() == []


def test_a_machine_without_the_fonts_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    monkeypatch.setattr(fonts, "_SUBSETTERS", ("libnothing.so.0",))
    told = " ".join(fonts.problems())
    for package in ("fonts-noto-core", "fonts-noto-cjk", "libharfbuzz-subset0"):
        assert f"Install the Debian package {package}." in told


def test_a_name_is_set_by_its_script_and_length() -> None:
    assert fonts.writing(NAMES["Hebrew"]) == fonts.Writing("rtl", "he", "short")
    assert fonts.writing(NAMES["Japanese"]).language == "ja"
    assert fonts.writing(NAMES["Korean"]).language == "ko"
    assert fonts.writing(LONG_NAME).size == "long"
    assert fonts.writing("123").direction == "ltr"
