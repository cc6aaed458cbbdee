"""How good the answers are, in numbers: a question set is asked and its answers are measured."""
