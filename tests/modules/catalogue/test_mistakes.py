"""An author hears of every mistake at once: where it is, what it is, and what to do."""

from pathlib import Path

import pytest

from modules.catalogue import files, rules
from tests.modules.catalogue.writing import Mistake, change, line_of, write_course
from training.errors import Problem

COURSE = "small/course.toml"
MODULE = "small/01-first/module.toml"
ALPHA = "small/01-first/10-alpha.en.md"
BETA = "small/01-first/20-beta.en.md"
GAMMA = "small/01-first/30-gamma.en.md"
DELTA = "small/01-first/40-delta.en.md"
DRAWING = "small/01-first/lines.svg"
FEEDBACK = "\n  That is for later.\n"

# Those that say nothing only keep a mistake beside them from being two.
TOGETHER = [
    Mistake(COURSE, '"1.2.0"', '"1.2"', "version", "not three numbers X.Y.Z"),
    Mistake(COURSE, "= 80", '= "80"', "pass_mark", "not a whole number"),
    Mistake(COURSE, ', nl = "Klein"', "", "title", "no text in nl"),
    Mistake(COURSE, "validity_months = 36", 'colour = "red"', "colour", "no key `colour`"),
    Mistake(COURSE, 'slug = "small"', 'slug = "small"', "slug", "`validity_months` is missing"),
    Mistake(MODULE, "minutes = 20\n", "", 'id = "C1"', "`minutes` is missing"),
    Mistake(MODULE, "component_months = 12\n", "", "component", "only `component` is here"),
    Mistake(MODULE, "critical = 1", 'critical = "1"', "draw", "`critical` is not a whole number"),
    Mistake(MODULE, '"remember"', '"know"', 'bloom = "know"', 'one of "remember"'),
    Mistake(MODULE, 'id = "C1.2"', 'id = "C1.3"', 'id = "C1.3"', "No lesson teaches"),
    Mistake(MODULE, '"C1.1", "C1.2"]', '"C1.1"]', "-", ""),
    Mistake(MODULE, '"C1.1", "C1.2"]', '"C1.1", "C9.9"]', "C9.9", "no objective `C9.9`"),
    Mistake(MODULE, '"C1.1", "C1.2"]', '"C1.1"]', "-", ""),
    Mistake(MODULE, '"C1.1", "C1.2"]', '"C1.1"]', "-", ""),
    Mistake(MODULE, "minutes = 5", "minutes = 12", "minutes = 12", "takes 12 minutes"),
    Mistake(MODULE, "= 2027-11-24", "= 2026-01-01", "2026-01-01", "not after `reviewed_on`"),
    Mistake(ALPHA, "## The first", "# The first", "# The first", "the first level"),
    Mistake(ALPHA, "### A closer", "#### A closer", "#### A", "level 4 follows one of level 1"),
    Mistake(ALPHA, "Remember this", "Remember <b>this</b>", "<b>this", "holds HTML: <b>"),
    Mistake(ALPHA, "lesson:beta", "lesson:omega", "omega", "`lesson:omega` leads nowhere"),
    Mistake(ALPHA, "(lines.svg", "(line.svg", "line.svg", "`line.svg` is missing"),
    Mistake(BETA, "Two lines that do not meet.", "", "![]", "no description"),
    Mistake(BETA, ' "Two lines."', "", "![]", "no caption"),
    Mistake(BETA, FEEDBACK, "", "- The other thing.", "no feedback"),
    Mistake(BETA, "Report it here:", "Report\u202e it here:", "it here", "U+202E"),
    Mistake(BETA, "[another](lesson:beta)", "[x](javascript:alert)", "javascript", "no link"),
    Mistake(GAMMA, "::: key", "::: kye", "::: kye", "no box `kye`"),
    Mistake(GAMMA, "::: sensitive", "::: key", "::: notice", "No sensitive passage follows"),
    Mistake(GAMMA, "task military", "task pirate", "task pirate", "no category of people"),
    Mistake(GAMMA, "::: referral\n", "::: referral\nHi.\n", "::: referral", "is filled when"),
    Mistake(DELTA, "(2000).\n:::\n", "(2000).\n", "::: sources", "`sources` is not closed"),
    Mistake(DELTA, "do first?", "do\x07 first?", "first?", "U+0007"),
    Mistake(DRAWING, "<title>", "<script>", "<script>", "element <script>"),
    Mistake(DRAWING, "</title>", "</script>", "-", ""),
    Mistake(DRAWING, "<path ", '<path onload="x()" ', "onload", "attribute onload"),
]


def found(curriculum: Path) -> list[Problem]:
    courses = files.read(curriculum)
    return sorted({*rules.among(courses), *(p for c in courses for p in rules.course(c))})


def says(problems: list[Problem], file: str, line: int, message: str) -> bool:
    return any((p.file, p.line) == (file, line) and message in p.message for p in problems)


def test_a_course_without_mistakes_has_no_problems(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert found(tmp_path) == []


def test_thirty_mistakes_are_reported_in_one_go_each_at_its_line_with_a_remedy(
    tmp_path: Path,
) -> None:
    write_course(tmp_path)
    for mistake in TOGETHER:
        change(tmp_path / mistake.file, mistake.old, mistake.new)
    problems = found(tmp_path)
    expected = [mistake for mistake in TOGETHER if mistake.says]
    missed = [
        mistake
        for mistake in expected
        if not says(
            problems,
            mistake.file,
            line_of(tmp_path / mistake.file, mistake.line),
            mistake.says,
        )
    ]
    assert len(expected) >= 30
    assert missed == []
    assert all(problem.remedy and problem.message for problem in problems)


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake(MODULE, '"gamma"', '"alpha"', "-", "The lesson `alpha` exists already."),
        Mistake(MODULE, 'id = "C1.2"', 'id = "C1.1"', "-", "objective `C1.1` exists already."),
        Mistake(MODULE, 'id = "C1.2"', 'id = "C7.2"', "-", "not named after its module"),
        Mistake(MODULE, 'slug = "first"', 'slug = "last"', "-", "is called 01-first"),
        Mistake(MODULE, 'id = "C1"', "id = C1", "-", "This is not TOML"),
        Mistake(MODULE, "2026-11-24", '"2026-11-24"', "-", "`reviewed_on` is not a date"),
        Mistake(MODULE, 'en = "Say it."', 'en = "Say\\u202e it."', "-", "U+202E"),
        Mistake(MODULE, 'nl = "Het doen."', 'nl = ""', "-", "`text` has no text in nl"),
        Mistake(MODULE, 'nl = "Het doen."', 'nl = "Het doen.", fr = ""', "-", "a text in fr"),
        Mistake(COURSE, "pass_mark", 'approved_by = "GENAD"\npass_mark', "-", "go together"),
        Mistake(ALPHA, "### A closer", "## A closer", "-", "where the text in en has"),
        Mistake(ALPHA, "::: notice", "::: sensitive", "-", "No notice stands before"),
        Mistake(ALPHA, "::: key\n", "::: key\n::: task police\n", "-", "within something else"),
        Mistake(ALPHA, "Remember this.\n:::", "Remember this.\n:::\n\n:::", "-", "closes nothing"),
        Mistake(ALPHA, "::: key", "::: key fact", "-", "takes no further words"),
        Mistake(ALPHA, "Remember this.\n", "", "-", "The box `key` is empty."),
        Mistake(ALPHA, "Remember this.", "## This", "-", "A heading stands within a box"),
        Mistake(ALPHA, "- The other thing.\n" + FEEDBACK, "", "-", "The check has 1 options."),
        Mistake(ALPHA, "What do you do first?\n", "", "-", "The check asks no question."),
        Mistake(ALPHA, "![Two", "See ![Two", "-", "stands within a text"),
        Mistake(ALPHA, "lesson:beta", "http://example.test", "-", "leads nowhere"),
        Mistake(ALPHA, "lesson:beta", "#nothing", "-", "leads nowhere"),
        Mistake(ALPHA, "Remember", "&#x202e;Remember", "-", "U+202E"),
        Mistake(ALPHA, "Remember", "<div>\nRemember", "-", "holds HTML: <div>"),
        Mistake(ALPHA, "::: sources", "::: key", "-", "names no sources"),
        Mistake(ALPHA, "Remember this.", "word " * 1_601, "-", "more than ten minutes"),
        Mistake(DRAWING, 'stroke="#111"', 'fill="url(https://x.test)"', "-", "attribute fill"),
        Mistake(DRAWING, "<title>", '<use href="https://x.test/#a"/><title>', "-", "href="),
        Mistake(DRAWING, "<svg", "<?xml-stylesheet href='a'?><svg", "-", "xml-stylesheet"),
        Mistake(DRAWING, "<svg", "<!DOCTYPE svg><svg", "-", "DOCTYPE"),
        Mistake(DRAWING, "</svg>", "", "-", "This is not SVG"),
    ],
    ids=lambda mistake: mistake.says,
)
def test_each_of_these_mistakes_is_reported(tmp_path: Path, mistake: Mistake) -> None:
    write_course(tmp_path)
    change(tmp_path / mistake.file, mistake.old, mistake.new)
    messages = [problem.message for problem in found(tmp_path)]
    assert any(mistake.says in message for message in messages), messages


def test_a_text_that_is_not_parallel_is_reported_where_it_parts(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    dutch = folder / "01-first" / "20-beta.nl.md"
    change(dutch, "### A closer look\n", "Forgotten heading.\n")
    (problem,) = found(tmp_path)
    assert problem.file == "small/01-first/20-beta.nl.md"
    assert problem.line == line_of(dutch, "![Two lines")
    assert "Here stands a picture, where the text in en has a heading of level 3" in problem.message


def test_a_text_that_ends_too_soon_is_not_parallel(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    with (folder / "01-first" / "20-beta.en.md").open("a") as file:
        file.write("\n## More\n")
    (problem,) = found(tmp_path)
    assert "nothing more" in problem.message
    assert problem.file.endswith("beta.nl.md")


def test_a_missing_language_is_reported_at_the_lesson(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    (folder / "01-first" / "30-gamma.nl.md").unlink()
    (problem,) = found(tmp_path)
    assert problem.message == "The lesson `gamma` has no text in nl."
    assert problem.line == line_of(folder / "01-first" / "module.toml", 'slug = "gamma"')


def test_the_order_of_the_files_is_that_of_the_module(tmp_path: Path) -> None:
    folder = write_course(tmp_path) / "01-first"
    for language in ("en", "nl"):
        (folder / f"10-alpha.{language}.md").rename(folder / f"35-alpha.{language}.md")
    problems = found(tmp_path)
    assert [p.message for p in problems] == [
        f"The files of `{slug}` have the numbers {number}."
        for slug, number in (("beta", 20), ("gamma", 30))
    ]


def test_two_files_for_one_text_are_one_too_many(tmp_path: Path) -> None:
    folder = write_course(tmp_path) / "01-first"
    (folder / "11-alpha.en.md").write_text((folder / "10-alpha.en.md").read_text())
    assert "The lesson `alpha` has two files in en." in {p.message for p in found(tmp_path)}


def test_a_broken_module_table_is_one_problem_and_not_a_hundred(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    change(folder / "01-first" / "module.toml", "minutes = 20", "minutes =")
    (problem,) = found(tmp_path)
    assert (problem.file, problem.line) == (MODULE, 3)


def test_files_that_do_not_belong_are_reported_and_backups_are_not(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    module = folder / "01-first"
    for name in ("notes.txt", "10-alpha.fr.md", "50-omega.en.md"):
        (module / name).write_text("x")
    (folder / "README").write_text("x")
    for name in (".DS_Store", "10-alpha.en.md~", "module.toml.bak", "#x#", "lines.svg.swp"):
        (module / name).write_bytes(b"\xff\0")
    (module / "deeper").mkdir()
    (module / "deeper" / "lines.svg").write_text("x")
    problems = found(tmp_path)
    assert {p.file.rpartition("/")[2] for p in problems} == {
        "notes.txt",
        "10-alpha.fr.md",
        "50-omega.en.md",
        "README",
        "lines.svg",
    }
    assert all(p.message == "This file does not belong here." for p in problems)


def test_bytes_that_are_no_text_or_no_picture_are_reported(tmp_path: Path) -> None:
    module = write_course(tmp_path) / "01-first"
    text = (module / "20-beta.en.md").read_bytes()
    (module / "20-beta.en.md").write_bytes(text.replace(b"Remember", b"R\xe9member"))
    (module / "photo.png").write_bytes(b"<html>")
    (module / "large.jpg").write_bytes(b"\xff\xd8\xff" + bytes(200_000))
    messages = {(p.file.rpartition("/")[2], p.line): p.message for p in found(tmp_path)}
    assert messages[("20-beta.en.md", line_of(module / "20-beta.en.md", "member this"))] == (
        "This is not UTF-8."
    )
    assert messages["photo.png", 1].startswith("The file is not a png picture")
    assert messages["large.jpg", 1] == "The file has 200 kB."


def test_a_folder_without_its_table_is_reported(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    (folder / "01-first" / "module.toml").unlink()
    (tmp_path / "other").mkdir()
    messages = {p.message for p in found(tmp_path)}
    assert messages == {
        "The module has no module.toml.",
        "The course has no course.toml.",
        "The course has no module.",
    }


def test_two_courses_cannot_have_one_slug(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    folder.rename(tmp_path / "second")
    write_course(tmp_path)
    assert [p.message for p in found(tmp_path)] == ["The course `small` exists already."]


def test_the_curriculum_of_this_project_has_no_mistakes() -> None:
    curriculum = Path(files.__file__).parents[1] / "curriculum"
    assert [str(problem) for problem in found(curriculum)] == []
