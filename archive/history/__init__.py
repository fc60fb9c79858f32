"""The observations of one article and what they prove: changes, absences, withdrawals."""
