"""Questions are checked in one go, published with their version, and read without asking again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from modules.catalogue import files as catalogue_files
from modules.catalogue import services as catalogue
from modules.catalogue.models import CourseVersion
from quizzes.bank import files, rules, services
from quizzes.bank.models import Kind, Question, QuestionVersion
from tests.modules.catalogue.writing import Mistake, change, line_of, write_course
from training.errors import DomainError, Problem

QUESTIONS = "small/01-first/questions.toml"
FIRST = 'en = "Yes q1", nl = "Ja q1"'
SECOND = 'right = true\ntext = { en = "Yes q2"'
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)

TOGETHER = [
    Mistake(QUESTIONS, SECOND, 'text = { en = "Yes q2"', 'id = "q2"', "No option is right."),
    Mistake(
        QUESTIONS,
        'en = "No q3 at all"',
        'en = "Yes q3"',
        'en = "Yes q3", nl = "Nee',
        "identical in en",
    ),
    Mistake(QUESTIONS, 'id = "q4"', 'id = "q3"', "-", "The question `q3` exists already."),
    Mistake(QUESTIONS, 'en = "Question q5?"', 'en = "Question q6?"', "q6?", "the same text in en"),
    Mistake(QUESTIONS, 'text = { en = "No q5', 'right = true\ntext = { en = "No q5', "-", "2 opt"),
    Mistake(QUESTIONS, ', nl = "Vraag q6?"', "", '"Question q6?" }', "no text in nl"),
    Mistake(
        QUESTIONS, '"single"\ntext = { en = "Question q7', '"multiple"\ntext = { en = "', "-", ""
    ),
    Mistake(QUESTIONS, '"C1.2"', '"C7.7"', "C7.7", "no objective `C7.7`"),
    Mistake(QUESTIONS, 'objective = "C1.2"', 'subject = "C1.2"', "subject", "no key `subject`"),
]


def found(curriculum: Path) -> list[Problem]:
    courses = catalogue_files.read(curriculum)
    return sorted({p for c in courses for p in rules.problems(files.read(c))})


def messages(curriculum: Path) -> list[str]:
    return [problem.message for problem in found(curriculum)]


def publish(session: Session, curriculum: Path) -> list[str]:
    catalogue.publish(session, curriculum, AT)
    return services.publish(session, curriculum, AT)


def version_id(session: Session) -> int:
    newest = catalogue.latest(session, "small")
    assert newest is not None
    return newest.id


def test_a_bank_without_mistakes_has_no_problems(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert found(tmp_path) == []


def test_mistakes_are_reported_in_one_go_each_at_its_line_with_a_remedy(tmp_path: Path) -> None:
    write_course(tmp_path)
    for mistake in TOGETHER:
        change(tmp_path / mistake.file, mistake.old, mistake.new)
    problems = found(tmp_path)
    for mistake in TOGETHER:
        places = {p.line for p in problems if mistake.says in p.message}
        assert places, mistake
        if mistake.line != "-":
            assert line_of(tmp_path / mistake.file, mistake.line) in places, mistake
    assert all(problem.remedy and problem.file == QUESTIONS for problem in problems)


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake(QUESTIONS, '"single"', '"multiple"', "-", "One option is right, where several"),
        Mistake(QUESTIONS, '"single"', '"open"', "-", '`type` is not one of "single", "multiple"'),
        Mistake(QUESTIONS, "critical = true", 'critical = "yes"', "-", "not true or false"),
        Mistake(QUESTIONS, 'en = "Right.", ', "", "-", "`feedback` has no text in en."),
        Mistake(QUESTIONS, "bloom", "blom", "-", "The key `bloom` is missing."),
        Mistake(QUESTIONS, "right = true", "right =", "-", "This is not TOML"),
        Mistake(QUESTIONS, FIRST, 'en = "", nl = "Ja q1"', "-", "`text` has no text in en."),
        Mistake(
            QUESTIONS,
            '"C1.2"\nbloom = "apply"\ncritical = false',
            '"C1.2"\nbloom = "apply"\ncritical = true',
            "-",
            "The objective `C1.2` draws no critical questions.",
        ),
        Mistake(
            "small/01-first/module.toml",
            "critical = 1",
            "critical = 2",
            "-",
            "`C1.1` draws 2 critical and has 4 such questions.",
        ),
    ],
    ids=lambda mistake: mistake.says,
)
def test_each_of_these_mistakes_is_reported(tmp_path: Path, mistake: Mistake) -> None:
    write_course(tmp_path)
    change(tmp_path / mistake.file, mistake.old, mistake.new)
    assert any(mistake.says in message for message in messages(tmp_path)), messages(tmp_path)


def test_two_options_are_too_few(tmp_path: Path) -> None:
    file = write_course(tmp_path) / "01-first" / "questions.toml"
    before, _, after = file.read_text().partition('[[questions.options]]\ntext = { en = "Maybe q1')
    file.write_text(before + after.partition("\n\n")[2])
    assert messages(tmp_path) == ["The question has 2 options."]


def test_a_module_without_questions_lacks_what_its_objectives_draw(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    (folder / "01-first" / "questions.toml").unlink()
    assert "`C1.1` draws 1 critical and has 0 such questions." in messages(tmp_path)


def test_a_bank_whose_right_options_are_the_longest_gives_the_answers_away(tmp_path: Path) -> None:
    file = write_course(tmp_path) / "01-first" / "questions.toml"
    for number in range(1, 5):
        change(file, f'nl = "Ja q{number}"', f'nl = "Ja, en dat is zeker zo q{number}"')
    assert messages(tmp_path) == []
    change(file, 'nl = "Ja q5"', 'nl = "Ja, en dat is zeker zo q5"')
    (problem,) = found(tmp_path)
    assert problem.message == "In nl the right option is the longest in 50 % of questions."
    assert problem.remedy.endswith("q1, q2, q3, q4, q5.")


def test_questions_are_published_once_with_their_version(session: Session, tmp_path: Path) -> None:
    write_course(tmp_path)
    assert publish(session, tmp_path) == ["small 1.2.0: 10 questions"]
    assert publish(session, tmp_path) == []
    assert len(session.scalars(select(QuestionVersion)).all()) == 10
    assert services.validate(session, tmp_path) == []


def test_the_bank_is_what_was_written_and_asks_the_database_once(
    session: Session, tmp_path: Path, statements: list[str]
) -> None:
    write_course(tmp_path)
    publish(session, tmp_path)
    bank = services.bank_of(session, version_id(session))
    first = bank[0]
    assert (first.code, first.objective, first.critical) == ("q1", "C1.1", True)
    assert (first.kind, first.bloom, first.text["nl"]) == (Kind.SINGLE, "apply", "Vraag q1?")
    assert [option["key"] for option in first.options] == ["a", "b", "c"]
    assert first.right == {"a"}
    assert [question.code for question in bank] == [f"q{number}" for number in range(1, 11)]
    version = version_id(session)
    statements.clear()
    assert services.bank_of(session, version) is bank
    assert statements == []


def test_a_new_wording_is_a_new_version_of_the_same_question(
    session: Session, tmp_path: Path
) -> None:
    folder = write_course(tmp_path)
    publish(session, tmp_path)
    before = services.bank_of(session, version_id(session))
    change(folder / "course.toml", "1.2.0", "1.2.1")
    change(folder / "01-first" / "questions.toml", "Question q1?", "What is q1?")
    assert services.validate(session, tmp_path) == []
    assert publish(session, tmp_path) == ["small 1.2.1: 10 questions"]
    after = services.bank_of(session, version_id(session))
    assert [q.question_id for q in before] == [q.question_id for q in after]
    assert {q.id for q in before}.isdisjoint(q.id for q in after)
    assert (before[0].text["en"], after[0].text["en"]) == ("Question q1?", "What is q1?")
    assert len(session.scalars(select(Question)).all()) == 10


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('right = true\ntext = { en = "Yes q1"', 'text = { en = "Yes q1"', "q1"),
        ('id = "q2"', 'id = "q99"', "q2, q99"),
        ('id = "q5"\nobjective = "C1.1"', 'id = "q5"\nobjective = "C1.2"', "q5"),
    ],
)
def test_z_alone_cannot_change_what_is_right(
    session: Session, tmp_path: Path, old: str, new: str, changed: str
) -> None:
    folder = write_course(tmp_path)
    publish(session, tmp_path)
    change(folder / "course.toml", "1.2.0", "1.2.1")
    change(folder / "01-first" / "questions.toml", old, new)
    problems = [p for p in services.validate(session, tmp_path) if "Only Z" in p.message]
    (problem,) = problems
    assert problem.file == "small/course.toml"
    assert problem.message.endswith(f"ask something else: {changed}.")
    change(folder / "course.toml", "1.2.1", "1.3.0")
    assert not [p for p in services.validate(session, tmp_path) if "Only Z" in p.message]


def test_unsound_questions_are_not_published_whoever_calls(
    session: Session, tmp_path: Path
) -> None:
    folder = write_course(tmp_path)
    change(folder / "01-first" / "questions.toml", "right = true\n", "")
    with pytest.raises(DomainError, match="No option is right"):
        publish(session, tmp_path)


def test_a_version_without_questions_is_not_remembered_as_such(
    session: Session, tmp_path: Path
) -> None:
    write_course(tmp_path)
    catalogue.publish(session, tmp_path, AT)
    version = session.scalars(select(CourseVersion.id)).one()
    assert services.bank_of(session, version) == ()
    services.publish(session, tmp_path, AT)
    assert len(services.bank_of(session, version)) == 10


def test_the_questions_of_this_project_have_no_mistakes() -> None:
    curriculum = Path(catalogue_files.__file__).parents[1] / "curriculum"
    assert [str(problem) for problem in found(curriculum)] == []
