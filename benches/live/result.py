"""What a subcommand gives back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Result:
    """Tables to print, figures for a file, and promises that were broken."""

    title: str
    text: str
    figures: dict[str, object]
    problems: list[str] = field(default_factory=list)
