"""Everything the guard, the sign-in page and the API share: accounts, sessions, limits, log, counters."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from assistant.access import Access
from assistant.answer import Answer
from assistant.server.accounts import Accounts
from assistant.server.audit import Audit
from assistant.server.metrics import Metrics
from assistant.server.sessions import Sessions
from assistant.server.throttle import LockOut, Rate
from assistant.server.users import digest
from assistant.settings import Settings
from assistant.who import Role, Who

SESSION = "hoibao_phien"  # cookie of somebody who signed in
BROWSER = "hoibao_may"  # cookie that tells browsers apart where accounts have no names
_REQUESTS_PER_MINUTE = 1200  # of one client: a page that loads asks for a hundred files at once
_TRIES, _TRIES_OF_ADDRESS = 5, 30  # wrong passwords within 15 minutes


@dataclass(slots=True)
class Gate:
    """One server's; also the ``Notices`` that page and API report to."""

    settings: Settings
    accounts: Accounts
    sessions: Sessions
    audit: Audit
    metrics: Metrics = field(default_factory=Metrics)
    requests: Rate = field(default_factory=lambda: Rate(_REQUESTS_PER_MINUTE))
    questions: Rate = field(default_factory=lambda: Rate(0))
    tries: LockOut = field(default_factory=lambda: LockOut(_TRIES))
    tries_of_address: LockOut = field(default_factory=lambda: LockOut(_TRIES_OF_ADDRESS))

    @property
    def access(self) -> Access:
        """Who may reach the server."""
        return self.settings.access

    def identify(self, cookies: dict[str, str], key: str) -> Who | None:
        """Who sends a request with these cookies and this API key; none where one has to sign in.

        An API key that is not known is nobody, also where nobody has to sign in.
        """
        if key:
            return self.accounts.of_key(key)
        browser = cookies.get(BROWSER, "")
        if not self.access.has_accounts:
            return Who(owner_of(browser), "", Role.EDITOR)
        account = self.account_of(cookies.get(SESSION, ""))
        if account is None:
            return None
        role = self.accounts.role(account)
        if role is None:
            return None
        return Who(account or owner_of(browser), account, role)

    def account_of(self, token: str) -> str | None:
        """The account of a session that still holds: the password is the one it began with."""
        found = self.sessions.find(token) if token else None
        if found is None:
            return None
        account, credential = found
        return (
            account
            if secrets.compare_digest(credential, self.accounts.credential(account))
            else None
        )

    def client(self, who: Who, address: str) -> str:
        """Whose limits count: the account's, or where it has no name the address's."""
        return f"@{who.name}" if who.name else address

    def before_question(self, who: Who, client: str) -> None:
        """Count a question. Raises TooMany."""
        self.questions.take(self.client(who, client))

    def answered(self, who: Who, answer: Answer, seconds: float, via: str) -> None:
        """Log and count an answer."""
        self.metrics.questions.labels(via, str(answer.answered).lower()).inc()
        self.metrics.seconds.labels(via).observe(seconds)
        self.audit.write(
            "question", who, via=via, question=answer.question.text, resolved=answer.question.resolved,
            answered=answer.answered, confidence=round(answer.confidence, 4), seconds=round(seconds, 3),
            evidence=[{"article_id": c.article.id, "start": c.start, "end": c.end} for c in answer.citations],
        )  # fmt: skip

    def changed(self, who: Who, what: str, **facts: Any) -> None:
        """Log a change."""
        self.audit.write("change", who, what=what, **facts)


def open_gate(settings: Settings) -> Gate:
    """The gate of a server with these settings. Raises UserError when its state cannot be kept, or the users file
    cannot be read."""
    access = settings.access
    accounts = Accounts(access)
    accounts.users()
    folder = settings.state / "audit" if access.audit else None
    return Gate(
        settings, accounts, Sessions(settings.state), Audit(folder, access.audit_days),
        questions=Rate(access.questions_per_minute),
    )  # fmt: skip


def owner_of(browser: str) -> str:
    """The owner behind a browser's cookie: nothing that is kept under it gives the cookie away."""
    return digest(f"browser:{browser}")[:32]
