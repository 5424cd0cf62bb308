"""What a question says, one aspect a file: kind, dates, names, abbreviations, what it follows up.

Pure functions over the text; nothing here looks at the archive. ``assistant.question`` puts them
together.
"""
