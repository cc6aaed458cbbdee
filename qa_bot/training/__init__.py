"""How the packaged reader is made: rows of questions and passages, a mixture of them, training, measuring, packing."""
