"""The thread and the balance: need, seats, learners, graduates, hires."""
