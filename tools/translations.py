"""The catalogues of translations: compile them, take up new texts, find what is missing."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "training" / "translations"
LANGUAGES = ("nl", "fr")
SOURCES = ("training", "modules", "quizzes", "certificates", "templates")
MAPPING = "[python: **.py]\n[jinja2: **.html]\n[jinja2: email/**.txt]\nsilent = false\n"
# Refusals of the domain are written where they are raised and translated where they are shown.
KEYWORDS = (
    "_l",
    "spoken",
    "NotFound",
    "Forbidden",
    "NotOpen",
    "AttemptsUsed",
    "CodeUsed",
    "NotStuck",
    "NotUndoable",
    "AlreadyPrinted",
    "StillBeingMade",
    "AlreadyAnswered",
    "CannotMerge",
    "AlreadyClosed",
    "AlreadyDecided",
    "NotWaivable",
    "TooManyRemarks",
    "Invalid:2",
)


def catalogue(language: str) -> Path:
    """Return the file of a language."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def compile_all() -> None:
    """Compile every catalogue that is newer than what was compiled of it."""
    for language in LANGUAGES:
        source = catalogue(language)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file, target.open("wb") as out:
            write_mo(out, read_po(file, language))


def extract(target: Path) -> None:
    """Collect the texts of the code and the templates."""
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as mapping:
        mapping.write(MAPPING)
        mapping.flush()
        keywords = [part for word in KEYWORDS for part in ("-k", word)]
        command = ["extract", "-F", mapping.name, *keywords, "--no-location"]
        # Babel leaves out folders whose name begins with an underscore, as that of the macros.
        options = ["--sort-output", "--project=mission-training", "--version=1", "--ignore-dirs=.*"]
        babel(*command, *options, "-o", str(target), *SOURCES)


def update() -> None:
    """Merge new texts into the catalogues, dropping those no longer used."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        for language in LANGUAGES:
            found = catalogue(language).exists()
            verb = ["update", "--no-fuzzy-matching", "--ignore-obsolete"] if found else ["init"]
            babel(*verb, "-w", "100", "-i", str(template), "-d", str(FOLDER), "-l", language)


def missing() -> list[str]:
    """Return a sentence for each text that a language lacks or has in doubt."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        with template.open("rb") as file:
            wanted = {message.id for message in read_po(file) if message.id}
    for language in LANGUAGES:
        with catalogue(language).open("rb") as file:
            texts = {m.id: m for m in read_po(file, language) if m.id}
        for text in sorted(wanted, key=str):
            there = texts.get(text)
            if there is None or not _whole(there.string) or there.fuzzy:
                found.append(f"{language}: not translated: {text!r}")
            else:
                found += [f"{language}: {error}: {text!r}" for error in there.check()]
    return found


def _whole(string: Sequence[str] | None) -> bool:
    """Tell whether a translation is there, with each of its forms where it counts something."""
    return bool(string and all(string))


def babel(*arguments: str) -> None:
    """Run pybabel at the root of the project."""
    pybabel = Path(sys.executable).with_name("pybabel")
    subprocess.run([str(pybabel), "-q", *arguments], check=True, cwd=ROOT)  # noqa: S603


def main() -> int:
    """Do what the word on the command line says."""
    action = sys.argv[1]
    if action == "compile":
        compile_all()
    elif action == "update":
        update()
    elif sentences := missing():
        print("\n".join(sentences))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
