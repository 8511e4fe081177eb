"""News from people to the apps above, sent in the transaction of the action that made it so.

A receiver gets `consent`, or the `consents` given at once for one person, and `by` and `at`. What it refuses undoes
the action.
"""

from django.dispatch import Signal

# Consents were given; the person may be shown again to those from whom a withdrawal has hidden them.
consent_given = Signal()
# A consent was withdrawn, by the giver, an office, or because no guardian is left: nothing new rests on it.
consent_withdrawn = Signal()
