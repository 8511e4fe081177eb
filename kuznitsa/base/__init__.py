"""Tools without product knowledge: moves, audit, jobs, letters, papers, spreadsheets, working days, rules."""
