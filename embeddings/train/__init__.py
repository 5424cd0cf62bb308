"""Training of the built-in encoder, from text to ``embeddings/model`` (``python -m embeddings.train``).

One file a stage: ``sources`` reads, ``passages`` cuts, ``pairs`` makes (query, passage) pairs,
``tokenizer`` learns the vocabulary, ``prepare`` turns pairs into token ids, ``loop`` trains,
``evaluate`` measures, ``export`` writes. Nothing here is needed to use the model.
"""
