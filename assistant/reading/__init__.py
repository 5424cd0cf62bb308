"""The reader: a small transformer of our own that reads question and passage together.

``words`` turns text into tokens with exact-match marks, ``reader`` runs the exported network on
ONNX Runtime. Training is in ``assistant.train``; nothing of it is needed here.
"""
