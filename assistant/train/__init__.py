"""Training of what ranks evidence (``python -m assistant.train``); not needed to answer questions."""
