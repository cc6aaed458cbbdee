"""Everything that qa_bot refuses, in words its user can act on.

::

    QaBotError
    ├── ConfigError       config.toml or the environment holds an impossible setting
    ├── ReadError         a file cannot become a document
    ├── SandboxError      the process that reads files cannot be started
    ├── SeedingError      something cannot come into seeds/, or leave it
    ├── ModelError        a packaged model is missing or damaged
    │   ├── EncoderError  the encoder cannot be loaded or is not the one expected
    │   └── ReaderError   the reader cannot be loaded
    ├── IndexUnusableError  no usable index: missing, damaged, or built by another encoder
    │   └── IndexOutdatedError  an index that another version of this program built
    ├── DatabaseError     the database that keeps the index cannot be used: it is down, slow, read-only, or refuses
    ├── SupersededError   the documents have changed since the index was opened
    ├── QuestionError     a question that cannot be asked
    ├── GateError         an excerpt that is not the document's own words: never sent
    ├── ReceiptError      a receipt that cannot be read
    ├── CalibrationError  a calibration that cannot be made of a question set, stored or used
    ├── QuestionSetError  a question set or paragraph file that cannot be read
    ├── EvaluationError   a gate or a baseline that cannot be used
    └── TelegramError     the Telegram bot cannot run

The message of each is one line: what is wrong, and how to mend it. The command line prints it and exits with 2.
"""


class QaBotError(Exception):
    """The root of all errors that a user can mend."""


class ConfigError(QaBotError):
    """A setting that is unknown, of the wrong type or impossible."""


class ReadError(QaBotError):
    """A file that cannot become a document; the rest of the folder is not affected."""


class SandboxError(QaBotError):
    """The process that reads files cannot be started, so that nothing is known of any file."""


class SeedingError(QaBotError):
    """A file or page that cannot come into ``seeds/``, or a document that cannot leave it."""


class ModelError(QaBotError):
    """A model that is missing or damaged."""


class EncoderError(ModelError):
    """An encoder that is missing, cannot be loaded or does not carry the expected digest."""


class ReaderError(ModelError):
    """A reader that is missing or cannot be loaded."""


class CalibrationError(QaBotError):
    """A calibration that cannot be made, stored or used."""


class IndexUnusableError(QaBotError):
    """An index that is missing, damaged, or was built by another encoder."""


class IndexOutdatedError(IndexUnusableError):
    """An index that another version of this program built."""


class DatabaseError(QaBotError):
    """A database that keeps the index and cannot be used: it is down, slow, read-only, or refuses."""


class SupersededError(QaBotError):
    """A state of the documents that is not there any more, since a newer one was put in force."""


class QuestionError(QaBotError):
    """A question that is empty or too long."""


class GateError(QaBotError):
    """An excerpt whose words are not exactly those of its document."""


class ReceiptError(QaBotError):
    """A receipt that does not have the form of one."""


class QuestionSetError(QaBotError):
    """A question set or a paragraph file that breaks its form."""


class EvaluationError(QaBotError):
    """A gate that says nothing, or a baseline that is no report."""


class TelegramError(QaBotError):
    """A reason why the Telegram bot cannot run: no token, another bot at work, a database that cannot be used."""
