"""Heavy arithmetic in plain Python: no Django, nothing of the product."""
