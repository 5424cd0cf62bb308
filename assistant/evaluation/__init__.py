"""Quality, measured on question sets: ``hoibao eval retrieval`` and ``hoibao eval answers``.

``retrieval`` and ``answers`` measure, ``report`` writes what they found. Nothing in a question's
path imports this.
"""
