"""How documents come into ``seeds/``, from this machine and from the web, and how they leave it."""
