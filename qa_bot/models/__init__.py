"""What encoders and readers share: which model it is, how precisely it computes, and how packaged ones are run."""
