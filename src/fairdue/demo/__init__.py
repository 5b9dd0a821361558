"""The demo: a real card book with invented people around it, worked by a small invented bank."""
