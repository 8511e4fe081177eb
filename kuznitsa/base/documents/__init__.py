"""Papers as PDF/A: typst templates in the folder `documents/` of each app, and Russian names in their cases."""

from kuznitsa.base.documents.names import Case, full_name, initials
from kuznitsa.base.documents.rendering import UnknownTemplate, render

__all__ = ["Case", "UnknownTemplate", "full_name", "initials", "render"]
