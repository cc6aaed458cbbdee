"""What the bot says, besides the words of documents."""

from qa_bot.records import Answer, Status

# So much is repeated of what somebody wrote.
LONGEST_REPEATED = 200

NOT_FOUND = "The documents do not answer this."
NEAR = "These passages are near, but they are not an answer:"
NEAR_PASSAGE = "Not an answer, but near:"
DISAGREE = "The documents disagree:"
NEWER = "The documents have changed since this was asked; this is what they say now."
OUTDATED = "Outdated since {since}: {reasons}."
CHANGED = "“{title}” has changed"
GONE = "“{title}” is no longer among the documents"
SAID = "It said:"
STILL_STANDS = "What was highlighted still stands; words around it do not."
NOW = "The documents say now:"
NO_LONGER = "The documents do not answer this any more."
OUTDATED_ABOVE = "Outdated: see above."
AGAIN = "I was interrupted while I answered, so you may see this a second time."
IN_VIEW_OF = "Asked in view of what came before: “{question}”"

START = (
    "Ask me a question, in your own words. I answer with the exact words of the documents I was given, say where they "
    "stand, and say so when they do not answer.\n\n/help says what else I can do."
)
HELP = (
    "Write a question. In a group, write /ask and the question, mention me, or reply to one of my messages; "
    "reply to somebody’s question with /ask, and I answer that.\n\n"
    "Under an answer: More shows further passages, Context what stands around a passage, 👍 and 👎 tell whether it helped. "
    "Edit your question, and the answer is edited. “And when?” or “who said that?” after an answer goes on from there.\n\n"
    "{commands}"
)
ABOUT = (
    "qa_bot {version} answers from {documents} with {paragraphs} (generation {generation} of the index, made by {model}). "
    "It quotes, and never writes anything of its own.\n\n"
    "What it keeps for {days}: questions with their answers, so that buttons work, votes, and questions without an "
    "answer; who asked is kept as a number that leads back to nobody. /forget deletes what is yours."
)
ABOUT_CORRECTIONS = (
    "So that answers can be marked when they are outdated, the number of the chat is kept with each for as long, sealed: "
    "only this bot can read it."
)
TOO_LONG = "The question has {characters} characters, more than the {most} allowed: ask more briefly."
WHAT_QUESTION = "What would you like to know?"
TEXT_ONLY = "I can read text only: write me a question, and I answer with the exact words of my documents."
NO_DOCUMENTS = "There are no documents yet."
NO_SUCH_DOCUMENTS = "No document is called so: “{wanted}”."
NOTHING_ASKED = "Nothing has been asked here that I remember. Ask a question first."
NOT_MINE = "Reply to one of my answers with this."
FORGOTTEN = "What I knew of you is deleted."
STALE = "I do not remember this answer any more. Ask again."
NO_MORE = "There is nothing more."
THANKS = {1: "Thank you, noted: it helped.", -1: "Thank you, noted: it did not help."}
TOO_FAST = "You ask faster than I may answer. Please wait {time}."
GROUP_TOO_FAST = "This group asks faster than I may answer. Please wait {time}."
INVITED_ONLY = "I answer people who have been invited. If you have a code, write /start and the code."
WRONG_CODE = "That is not the code. Ask whoever runs this bot."
WELCOME = "Welcome! " + START
ADMINS_ONLY = "Only those who run this bot may do that."
GROUP_ADMINS_ONLY = "Only administrators of this group may change its settings."
FAILED = "Something went wrong here, not with your question. Please try again later. (Error {number})"
RELOADED = "The documents are up to date: {summary}."
GOLD_KEPT = "Kept as the right answer to “{question}”: “{words}”."
GOLD_NONE = "Kept: the documents do not answer “{question}”."
GOLD_ELSEWHERE = "These words do not stand in the documents as you wrote them. Copy them from an excerpt."
GOLD_USAGE = (
    "Reply to one of my answers with /gold to keep its highlighted words as the right answer, /gold and other words of the "
    "documents, or /gold none if the documents do not answer."
)
NO_GAPS = "Every question has been answered."
GAPS = "Questions without an answer, most frequent first:"
SETTINGS = "Settings of this chat"
HELP_FOR_ADMINS = "Send me a document as a file: I read it, say what would become of it, and you decide."
TOO_BIG = (
    "{name} has {size:.1f} MB, more than the {most:g} MB that I take: split it, or add it with qa-bot add where I run."
)
NOT_FETCHED = "I could not fetch {name} from Telegram: send it again."
THERE_ALREADY = "{name} is already there as {twin}, byte for byte: nothing to do."
NEW_DOCUMENT = "It would be a new document."
WOULD_REPLACE = "It will replace {name}, of {paragraphs}."
WOULD_REPLACE_UNREADABLE = "It will replace {name}, which cannot be read."
ADDED = "Added: {name}. {index}"
INDEX_HOLDS = "The index now holds {documents} with {paragraphs}."
INDEX_LATER = "The index could not be brought up to date ({reason}). /reload tries again."
UNDONE = "Undone: {name} is not among the documents any more. {index}"
UNDONE_REPLACED = "Undone: {name} is what it was before. {index}"
DISCARDED = "Discarded: {name}. The documents are as they were."
LET_GO = "I kept {name} for a day, and nobody decided: send it again."
NO_SUCH_FILE = "I do not remember this file any more. Send it again."
WORKING = "I am at it."
IS_IN_PLACE = "{name} is in its place."
IS_UNDONE = "Taken out again."
WAS_ADDED = "It has been added. Undo takes it out again."
WAS_UNDONE = "It has been taken out again. Send it again to add it."
WAS_DISCARDED = "It was discarded. Send it again to add it."
LOOK_AGAIN = "The documents have changed meanwhile: look again."
NOT_AS_ADDED = "{name} is not as it was added any more, so I left it alone."
MOST_SURE = 0.99
HOW_SURE = (
    (0.95, "almost certain"),
    (0.85, "very likely"),
    (0.65, "likely"),
    (0.4, "quite possible"),
    (0.0, "doubtful"),
)


def beginning(text: str, longest: int = LONGEST_REPEATED) -> str:
    """Cut a long text, so that what repeats it is not too long for a message."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def confidence(answer: Answer) -> str:
    """Say in words how sure an answer is, with the probability."""
    if answer.status is Status.NOT_FOUND:
        return ""
    words = next(words for least, words in HOW_SURE if answer.confidence >= least)
    # Nothing is quite certain.
    return f"Confidence: {words} ({min(answer.confidence, MOST_SURE):.0%})"
