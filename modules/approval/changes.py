"""What one version has more, less or otherwise than another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Changes:
    """The keys of what was added, changed and removed, each in its own order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def of(self, key: str) -> str:
        """Return what happened to something that is there now; nothing when it is as before."""
        return "added" if key in self.added else "changed" if key in self.changed else ""


def compare(before: Mapping[str, object], after: Mapping[str, object]) -> Changes:
    """Compare what each key stands for."""
    return Changes(
        added=tuple(key for key in after if key not in before),
        changed=tuple(key for key in after if key in before and after[key] != before[key]),
        removed=tuple(key for key in before if key not in after),
    )
