"""What verify finds and repair mends."""

from dataclasses import dataclass, field

_LISTED = 20  # problems named for each check


@dataclass(slots=True)
class Check:
    """One thing that was looked at: what is wrong with it, and what mends it."""

    name: str
    problems: list[str] = field(default_factory=list)
    found: int = 0  # problems, of which the first are named
    remedy: str = ""
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found

    def wrong(self, problem: str, remedy: str = "hoibao repair") -> None:
        """Add a problem."""
        self.found += 1
        self.remedy = remedy
        if len(self.problems) < _LISTED:
            self.problems.append(problem)


@dataclass(slots=True)
class Findings:
    """What repair has to mend: articles to read again, vectors to embed again, caches to fill."""

    checks: list[Check] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)
    vectors: set[bytes] = field(default_factory=set)
    lengths: bool = False
    groups: bool = False
    caches: bool = False
    store: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return all(check.ok for check in self.checks)

    def begin(self, name: str) -> Check:
        """The next thing that is looked at."""
        self.checks.append(Check(name))
        return self.checks[-1]
