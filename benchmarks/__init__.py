"""Measurements; nothing of the product imports them."""

import assistant  # noqa: F401 - before NumPy, as the page does: it sets the threads of OpenBLAS
