"""Which files can be read, by their suffixes: for those who want to know it without loading what reads them."""

SUFFIXES = (
    ".txt",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".xhtml",
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".docx",
    ".odt",
    ".epub",
    ".rtf",
    ".pdf",
)
NO_FORMAT = "no format that is read"
