"""The reader: a small network that reads question and passage together, run by ONNX Runtime."""

BUILTIN_READER, NO_READER = "builtin", "off"  # values of HOIBAO_READER
