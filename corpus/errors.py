"""The errors a user can cause and mend. Messages are Vietnamese: what, which file, what to do.

UserError
├── ArchiveError         the folder of articles: missing, empty, unreadable
│   └── UnreadableFile   one file; the others go on
├── IndexError_          the derived index: missing, damaged, locked, of another archive
├── EncoderError         the embedding model: not cached, passage too long
└── QuestionError        the question: empty, far too long, a broken batch line
"""


class UserError(Exception):
    """Something the user can put right; ``str(error)`` tells them how, in Vietnamese."""


class ArchiveError(UserError):
    """The archive folder cannot be used."""


class UnreadableFile(ArchiveError):
    """One file of the archive cannot be read; ``str(error)`` is the reason alone."""


class IndexError_(UserError):
    """The index cannot be used. (The underscore keeps the built-in ``IndexError`` visible.)"""


class EncoderError(UserError):
    """The embedding model cannot be loaded or does not fit."""


class QuestionError(UserError):
    """The question cannot be answered as it was put."""
