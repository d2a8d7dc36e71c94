"""A small curriculum without mistakes, and a way to put some into it."""

from dataclasses import dataclass
from pathlib import Path

LESSONS = ("alpha", "beta", "gamma", "delta")

COURSE = """\
slug = "small"
version = "1.2.0"
pass_mark = 80
validity_months = 36
title = { en = "Small", nl = "Klein" }
summary = { en = "A small course.", nl = "Een kleine cursus." }
"""

MODULE = """\
id = "C1"
slug = "first"
minutes = 20
component = "conduct"
component_months = 12
title = { en = "First", nl = "Eerste" }
summary = { en = "The first module.", nl = "De eerste module." }

[[objectives]]
id = "C1.1"
bloom = "remember"
text = { en = "Say it.", nl = "Het zeggen." }
draw = { critical = 1, other = 1 }

[[objectives]]
id = "C1.2"
bloom = "apply"
text = { en = "Do it.", nl = "Het doen." }
draw = { critical = 0, other = 1 }
"""

LESSON = """
[[lessons]]
slug = "{slug}"
minutes = 5
objectives = ["C1.1", "C1.2"]
reviewed_on = 2026-11-24
review_by = 2027-11-24
title = {{ en = "Lesson {slug}", nl = "Les {slug}" }}
"""

TEXT = """\
::: notice
This lesson has one hard passage.
:::

Lesson {slug} in {language}, which leads to [another](lesson:beta).

## The first part

::: sensitive
A hard passage.
:::

### A closer look

![Two lines that do not meet.](lines.svg "Two lines.")

::: key
Remember this.
:::

Report it here:

::: referral
:::

::: task military
Do this on patrol.
:::

::: check
What do you do first?

- The one thing.

  That is right.

- The other thing.

  That is for later.
:::

::: sources
- S/RES/1325 (2000).
:::
"""

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">
<title>Lines</title>
<path d="M0 0h8" stroke="#111"/>
</svg>
"""

QUESTION = """\
[[questions]]
id = "{code}"
objective = "{objective}"
bloom = "apply"
critical = {critical}
type = "single"
text = {{ en = "Question {code}?", nl = "Vraag {code}?" }}

[[questions.options]]
right = true
text = {{ en = "Yes {code}", nl = "Ja {code}" }}
feedback = {{ en = "Right.", nl = "Goed." }}

[[questions.options]]
text = {{ en = "No {code} at all", nl = "Nee {code} hoor" }}
feedback = {{ en = "Wrong.", nl = "Fout." }}

[[questions.options]]
text = {{ en = "Maybe {code} so", nl = "Misschien {code}" }}
feedback = {{ en = "Wrong.", nl = "Fout." }}

"""

BANK = [
    *((f"q{number}", "C1.1", "true") for number in range(1, 5)),
    *((f"q{number}", "C1.1", "false") for number in range(5, 8)),
    *((f"q{number}", "C1.2", "false") for number in range(8, 11)),
]


@dataclass(frozen=True)
class Mistake:
    """A change that makes a file wrong, where it is to be reported, and in which words."""

    file: str
    old: str
    new: str
    # The reported line is the first one after the change that holds this.
    line: str
    says: str


def write_course(curriculum: Path) -> Path:
    """Write the course without mistakes and return its folder."""
    module = curriculum / "small" / "01-first"
    module.mkdir(parents=True)
    (curriculum / "small" / "course.toml").write_text(COURSE)
    lessons = "".join(LESSON.format(slug=slug) for slug in LESSONS)
    (module / "module.toml").write_text(MODULE + lessons)
    for number, slug in enumerate(LESSONS, 1):
        for language in ("en", "nl"):
            text = TEXT.format(slug=slug, language=language)
            (module / f"{number}0-{slug}.{language}.md").write_text(text)
    (module / "lines.svg").write_text(DRAWING)
    (module / "questions.toml").write_text(
        "".join(
            QUESTION.format(code=code, objective=objective, critical=critical)
            for code, objective, critical in BANK
        )
    )
    return curriculum / "small"


def change(file: Path, old: str, new: str) -> None:
    """Change a file once, and be sure that there was something to change."""
    text = file.read_text()
    assert old in text, f"{file.name} does not hold {old!r}"
    file.write_text(text.replace(old, new, 1))


def line_of(file: Path, text: str) -> int:
    """Return the first line that holds a text."""
    lines = file.read_bytes().decode(errors="replace").split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)
