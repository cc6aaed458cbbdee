"""How the weights are found: scores of public collections are gathered, and the weights that explain them best kept."""
