"""``--why``: whole explanations, by an encoder without a model and weights of its own."""

from dataclasses import replace
from pathlib import Path

import pytest
from stand_ins import WordEncoder

from qa_bot.bot import QaBot
from qa_bot.calibration import Calibration
from qa_bot.channels.explanation import explain
from qa_bot.config import Answering, EvidenceSettings, Paths, Settings
from qa_bot.index.encoding import no_progress
from qa_bot.limits import Limits
from qa_bot.opening import open_index
from qa_bot.reading import scan
from qa_bot.weights import ConfidenceWeights, RankingWeights, SentenceWeights, Weights

WEIGHTS = Weights(
    reader=None,
    ranking=RankingWeights(paragraph=0.5, sentence=0.5, lexical=0.5, late=1.5, type=0, meaning=0, reader=0),
    sentence=SentenceWeights(coverage=4, cosine=3, late=0, type=2, reader=0),
    confidence=ConfidenceWeights(bias=-3, coverage=4, cosine=2, late=1, type=0.5, known=-1, lead=1, reader=0),
    reach=0.3,
    threshold=0.25,
    provenance={},
)
READING = WEIGHTS.model_copy(
    update={
        "ranking": WEIGHTS.ranking.model_copy(update={"type": 0.1, "reader": 2.0}),
        "confidence": WEIGHTS.confidence.model_copy(update={"reader": 3.0}),
    }
)

ANSWERED = """\
Answered: the confidence 0.86 reaches the threshold 0.25 (packaged with the weights)
Best passage [1], by its best sentence (each score × its weight):
   +4.00  it holds 100% of the question's words by weight (1.00 × 4.00)
   -1.00  all documents together hold 100% of the question's words by weight (1.00 × -1.00)
   +0.76  the passage is ahead of the next ones (0.76 × 1.00)
   +0.59  its meaning is far from the question's (0.29 × 2.00)
   +0.50  word by word its meanings are somewhat like the question's (0.50 × 1.00)
   +0.00  it does not hold the kind of thing asked for (0.00 × 0.50)
   -3.00  what every passage starts with
   +1.85  together, the logit: a probability of 0.86
Sentences of [1], ▸ the best; score = 4.00 × question's words + 3.00 × meaning + 2.00 × kind of thing:
    0.23 =  0.00  0.08  0.00  Tea is served at four.
▸   4.88 =  1.00  0.29  0.00  The kitchen closes at nine in the evening.
Passages; score = 0.50 × meaning + 0.50 × closest sentence + 0.50 × words + 1.50 × word by word; then how sure each is:
    1.51 =  0.25  0.29  0.98  0.50  sure 0.86  [1] line 1, tea.txt
    0.81 =  0.40  0.40  0.00  0.27  sure 0.06  [2] line 1, king.txt
    0.69 =  0.28  0.28  0.00  0.28  sure 0.03  [3] line 1, boat.txt
"""

NOT_FOUND = """\
Not found: the confidence 0.38 is below the threshold 0.90 (set in config.toml or the environment)
Best passage [1], by its best sentence (each score × its weight):
   +1.28  it holds 32% of the question's words by weight (0.32 × 4.00)
   +0.74  its meaning is somewhat like the question's (0.37 × 2.00)
   +0.44  word by word its meanings are somewhat like the question's (0.44 × 1.00)
   +0.34  the passage is ahead of the next ones (0.34 × 1.00)
   -0.32  all documents together hold 32% of the question's words by weight (0.32 × -1.00)
   +0.00  it does not hold the kind of thing asked for (0.00 × 0.50)
   -3.00  what every passage starts with
   -0.51  together, the logit: a probability of 0.38
  Most is missing for want of more of the question's words (up to +2.72).
Sentences of [1], ▸ the best; score = 4.00 × question's words + 3.00 × meaning + 2.00 × kind of thing:
▸   2.39 =  0.32  0.37  0.00  The king opened the old stone bridge across the river in 19…
Passages; score = 0.50 × meaning + 0.50 × closest sentence + 0.50 × words + 1.50 × word by word; then how sure each is:
    1.17 =  0.37  0.37  0.28  0.44  sure 0.38  [1] line 1, king.txt
    0.88 =  0.46  0.46  0.00  0.28  sure 0.10  [2] line 1, boat.txt
    0.78 =  0.32  0.31  0.00  0.31  sure 0.08  [3] line 1, tea.txt
"""

CALIBRATED = """\
Answered: the confidence 0.66 reaches the threshold 0.40 (calibrated on 200 questions on 2026-11-25)
Best passage [1], by its best sentence (each score × its weight):
   +4.00  it holds 100% of the question's words by weight (1.00 × 4.00)
   -1.00  all documents together hold 100% of the question's words by weight (1.00 × -1.00)
   +0.76  the passage is ahead of the next ones (0.76 × 1.00)
   +0.59  its meaning is far from the question's (0.29 × 2.00)
   +0.50  word by word its meanings are somewhat like the question's (0.50 × 1.00)
   +0.00  it does not hold the kind of thing asked for (0.00 × 0.50)
   -3.00  what every passage starts with
   +1.85  together, the logit: a probability of 0.86
   +0.67  calibrated on 200 questions on 2026-11-25, × 0.50 -0.25: a probability of 0.66
Sentences of [1], ▸ the best; score = 4.00 × question's words + 3.00 × meaning + 2.00 × kind of thing:
    0.23 =  0.00  0.08  0.00  Tea is served at four.
▸   4.88 =  1.00  0.29  0.00  The kitchen closes at nine in the evening.
Passages; score = 0.50 × meaning + 0.50 × closest sentence + 0.50 × words + 1.50 × word by word; then how sure each is:
    1.51 =  0.25  0.29  0.98  0.50  sure 0.66  [1] line 1, tea.txt
    0.81 =  0.40  0.40  0.00  0.27  sure 0.17  [2] line 1, king.txt
    0.69 =  0.28  0.28  0.00  0.28  sure 0.11  [3] line 1, boat.txt
"""

READ = """\
Answered: the confidence 0.86 reaches the threshold 0.25 (packaged with the weights)
Best passage [1], by its best sentence (each score × its weight):
   +4.00  it holds 100% of the question's words by weight (1.00 × 4.00)
   +1.50  the reader thinks that it answers (0.50 × 3.00)
   -1.00  all documents together hold 100% of the question's words by weight (1.00 × -1.00)
   +0.76  the passage is ahead of the next ones (0.76 × 1.00)
   +0.59  its meaning is far from the question's (0.29 × 2.00)
   +0.50  word by word its meanings are somewhat like the question's (0.50 × 1.00)
   +0.00  it does not hold the kind of thing asked for (0.00 × 0.50)
   -3.00  what every passage starts with
   +3.35  together, the logit: a probability of 0.97
Sentences of [1], ▸ the best; score = 4.00 × question's words + 3.00 × meaning + 2.00 × kind of thing:
    0.23 =  0.00  0.08  0.00  Tea is served at four.
▸   4.88 =  1.00  0.29  0.00  The kitchen closes at nine in the evening.
Passages; score = 0.50 × meaning + 0.50 × closest sentence + 0.50 × words + 1.50 × word by word + 0.10 × kind of thing + 2.00 × reader; then how sure each is:
    2.51 =  0.25  0.29  0.98  0.50  0.00  0.50  sure 0.86  [1] line 1, tea.txt
"""


def bot_of(folder: Path, weights: Weights = WEIGHTS, threshold: float | None = None) -> QaBot:
    """Open a bot over three short documents."""
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    (seeds / "tea.txt").write_text("Tea is served at four. The kitchen closes at nine in the evening.\n")
    (seeds / "boat.txt").write_text("The boat leaves at seven.\n")
    (seeds / "king.txt").write_text(
        "The king opened the old stone bridge across the river in 1932, and many people came.\n"
    )
    (folder / "weights.json").write_text(weights.model_dump_json())
    settings = Settings(
        folder=folder,
        paths=Paths(seeds=seeds, embeddings=folder / "embeddings"),
        evidence=EvidenceSettings(reader=weights.reader or "", weights="weights.json"),
        answering=Answering(threshold="auto" if threshold is None else threshold),
    )
    encoder = WordEncoder()
    return QaBot(
        settings,
        open_index(settings.paths.embeddings, scan(seeds, Limits(max_file_mb=1)), encoder, no_progress),
        encoder,
    )


def explanation(bot: QaBot, question: str) -> list[str]:
    """Ask a question and explain the answer."""
    return list(explain(bot.ask(question), bot))


def calibrated(bot: QaBot) -> None:
    """Store a calibration that fits a bot."""
    Calibration(
        slope=0.5, bias=-0.25, threshold=0.4, max_error=0.05, coverage=0.6, error_rate=0.04, ece=0.03, questions=200,
        made="2026-11-25", fingerprint=bot.fingerprint,
    ).store(bot.settings.paths.embeddings)  # fmt: skip


def test_an_answer_is_explained(tmp_path: Path) -> None:
    """The verdict, what each signal adds, largest first, the sentences and the passages."""
    assert explanation(bot_of(tmp_path), "When does the kitchen close?") == ANSWERED.splitlines()


def test_no_answer_is_explained(tmp_path: Path) -> None:
    """What is not found is explained by the best passage, and by what it lacks most."""
    assert explanation(bot_of(tmp_path, threshold=0.9), "Who repaired the bridge?") == NOT_FOUND.splitlines()


def test_a_calibration_is_explained(tmp_path: Path) -> None:
    """With a calibration the threshold's origin and the corrected probability are said."""
    calibrated(bot_of(tmp_path))
    assert explanation(bot_of(tmp_path), "When does the kitchen close?") == CALIBRATED.splitlines()


def test_a_reader_is_explained(tmp_path: Path) -> None:
    """With a reader its opinion is a signal, a score of sentences where it has a weight, and a score of passages."""
    bot = bot_of(tmp_path, READING)
    answer = bot.ask("When does the kitchen close?")
    evidence = answer.excerpts[0].evidence
    sentences = (evidence.sentences[0], replace(evidence.sentences[1], reader=0.5))
    sure = replace(evidence, sentences=sentences, signals=replace(evidence.signals, reader=0.5), read=True)
    lines = list(explain(replace(answer, excerpts=(replace(answer.excerpts[0], evidence=sure),), further=()), bot))

    assert lines == READ.splitlines()


def test_what_a_question_for_a_title_gets_is_explained(tmp_path: Path) -> None:
    """Or the sums would seem wrong."""
    line = "  Each title comes first in its document, whatever it scores, as the question is about one."
    assert line in explanation(bot_of(tmp_path), "What is the headline of the article?")
    assert line not in explanation(bot_of(tmp_path), "What is the headline of the king?")


def test_what_a_title_scores_is_explained(tmp_path: Path) -> None:
    """Or its sum would seem wrong."""
    line = "  A title's scores count no more than the best other passage's of its document; kind of thing and reader come on top."
    assert line not in explanation(bot_of(tmp_path), "When does the kitchen close?")
    (tmp_path / "seeds" / "inn.txt").write_text("The inn of the kitchen\n\nIt closes at ten, and opens at six again.\n")
    assert explanation(bot_of(tmp_path), "When does the kitchen of the inn close?")[-1] == line


def test_nothing_to_explain(tmp_path: Path) -> None:
    """Where there are no passages at all, the verdict is all there is to say."""
    bot = bot_of(tmp_path)
    answer = replace(bot.ask("Who closed the bridge?"), confidence=0.0, excerpts=(), further=(), near=())

    assert len(list(explain(answer, bot))) == 1


@pytest.mark.parametrize("question", ["When does the kitchen close?", "Who opened the bridge?", "Is there a boat?"])
def test_what_is_added_makes_the_sum(tmp_path: Path, question: str) -> None:
    """The signals and the start add up to the logit that is said, within rounding, and stand in order of size."""
    lines = explanation(bot_of(tmp_path, READING), question)
    numbers = [
        float(line.split()[0]) for line in lines[2 : lines.index(next(x for x in lines if "together, the" in x)) + 1]
    ]

    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.05)
    assert [abs(number) for number in numbers[:-2]] == sorted((abs(number) for number in numbers[:-2]), reverse=True)
