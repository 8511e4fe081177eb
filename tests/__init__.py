"""Tests mirror `kuznitsa/`; `guards.py` and `conftest.py` protect every one of them."""
