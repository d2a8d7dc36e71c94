"""What a picture may hold: a drawing is read element by element, a photograph by its start."""

from collections.abc import Iterator
from xml.parsers import expat

from modules.catalogue.written import (
    SourceFile,
)
from training.errors import Problem

STARTS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
ELEMENTS = {
    *("svg", "title", "desc", "defs", "g", "symbol", "use", "marker", "clipPath", "mask"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("pattern", "linearGradient", "radialGradient", "stop"),
}
REMEDY = "Remove it: a drawing holds shapes and text only, with presentation attributes."


def picture(file: SourceFile) -> Iterator[Problem]:
    """Yield what is wrong with a picture."""
    if file.suffix == "svg":
        yield from _Drawing(file).problems()
    elif not file.data.startswith(STARTS[file.suffix]):
        message = f"The file is not a {file.suffix} picture, whatever its name says."
        yield Problem(file.name, 1, message, "Save it in the format of its name.")


class _Drawing:
    """One pass over an SVG file, which notes everything that could act or reach outside."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.found: list[Problem] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.element
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartDoctypeDeclHandler = self.doctype

    def problems(self) -> list[Problem]:
        """Return what was noted."""
        try:
            self.parser.Parse(self.file.data, True)
        except expat.ExpatError as error:
            message = f"This is not SVG: {expat.ErrorString(error.code)}."
            self.note(message, "Export the drawing again.", error.lineno)
        except ValueError as error:
            self.note(f"This is not SVG: {error}.", "Save the file as UTF-8.")
        return self.found

    def note(self, message: str, remedy: str = REMEDY, line: int = 0) -> None:
        """Note a problem at the place the parser is at."""
        place = line or self.parser.CurrentLineNumber
        self.found.append(Problem(self.file.name, place, message, remedy))

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Judge an element and its attributes."""
        if name not in ELEMENTS:
            self.note(f"The drawing holds the element <{name}>.")
        for key, value in attributes.items():
            if _acts(key) or _reaches_out(key, value):
                self.note(f'The drawing holds the attribute {key}="{value[:40]}".')

    def instruction(self, target: str, _data: str) -> None:
        """Judge a processing instruction, which could name a style sheet."""
        self.note(f"The drawing holds the instruction <?{target}?>.")

    def doctype(self, *_: object) -> None:
        """Judge a document type, which could define entities without end."""
        self.note("The drawing holds a <!DOCTYPE>.")


def _acts(key: str) -> bool:
    return key.lower().startswith("on") or key.lower() == "style"


def _reaches_out(key: str, value: str) -> bool:
    squeezed = "".join(value.split()).lower()
    if key.rpartition(":")[2].lower() in ("href", "src", "base"):
        return not squeezed.startswith("#")
    return "url(" in squeezed.replace("url(#", "")
