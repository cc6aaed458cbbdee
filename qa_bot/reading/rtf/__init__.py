"""Rich Text (.rtf).

striprtf, the one small library that is kept, drops notes and text boxes, keeps deleted and hidden words, forgets headings, and
took a minute for half a megabyte of links left open; the others that read RTF well have 98 MB and more.
"""

from qa_bot.reading.rtf.document import read_rtf

__all__ = ["read_rtf"]
