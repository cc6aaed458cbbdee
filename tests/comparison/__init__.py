"""Compare this project with others that find paragraphs, in one run on the same data and model: ``make benchmark``.

`contenders` has a small script for each, all with the same steps (`protocol`); each runs in a Python environment of its own
(`environments`), one after the other (`running`). What they found is judged here (`results`) and shown as a table and a
plot.
"""
