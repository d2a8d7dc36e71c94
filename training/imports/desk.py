"""What the pages of importing one kind of list say and ask, where others say something else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.imports.forms import UploadForm
from training.imports.models import Upload
from training.imports.planning import Planned
from training.imports.subjects import Subject


@dataclass(frozen=True)
class Desk:
    """The pages of importing lists of one subject; `name` is that of their blueprint and job."""

    name: str
    subject: Subject
    title: Any
    # Field -> what it is called; those in `hidden` have no column of their own.
    fields: Mapping[str, Any]
    hidden: frozenset[str]
    # The page on which a list is sent in, and the dry run; each extends the common one.
    start_template: str
    plan_template: str
    # () -> the form of the first page, filled as its address says.
    upload_form: Callable[[], UploadForm]
    # (row) -> whom or what it is about, as its heading.
    name_of: Callable[[Planned], str]
    # (row) -> what would be different: field, before, after.
    changes: Callable[[Planned], Sequence[tuple[Any, str, str]]]
    # (import, rows) -> what the dry run and the result say besides.
    besides: Callable[[Upload, Sequence[Planned]], Mapping[str, Any]]
    # () -> what was decided together with the yes.
    choices: Callable[[], Mapping[str, str]]
