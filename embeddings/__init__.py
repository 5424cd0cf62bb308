"""Vectors and terms: encoders, the store, FAISS, full text, and the build that fills them."""
