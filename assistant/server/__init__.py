"""The server around the page: accounts, guard, HTTP API, metrics, audit log, MCP, backup.

May import ``assistant.page``; never the other way round. What both need is ``assistant.who`` and
``assistant.notice``.
"""
