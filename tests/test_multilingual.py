"""Questions find their paragraphs by their words in languages for which no collection is at hand."""

from pathlib import Path

import pytest
from stand_ins import SeedWriter, WordEncoder

from qa_bot.evidence import Judge
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import open_current
from qa_bot.index.lexical import LexicalIndex
from qa_bot.languages import language_of
from qa_bot.retriever import encode_question, retrieve
from qa_bot.terms import terms_of
from qa_bot.weights import Weights, packaged_weights

# Of each language three paragraphs that share their general words, and a question about each in other forms of its words.
PAIRS = {
    "de": [
        ("Die Häfen der Stadt wurden 1931 eröffnet.", "Wann hat der Hafen eröffnet?"),
        ("In den Wäldern der Stadt leben viele Füchse.", "Wie viele Füchse leben in dem Wald?"),
        ("Der Bürgermeister der Stadt baute eine Brücke.", "Welche Brücken hat der Bürgermeister gebaut?"),
    ],
    "el": [
        ("Το λιμάνι της πόλης άνοιξε το 1931.", "Πότε άνοιξαν τα λιμάνια;"),
        ("Στα δάση της πόλης ζουν πολλές αλεπούδες.", "Πόσες αλεπούδες ζουν στο δάσος;"),
        ("Ο δήμαρχος της πόλης έχτισε μια γέφυρα.", "Ποιες γέφυρες έχτισε ο δήμαρχος;"),
    ],
    "he": [
        ("הנמל של העיר נפתח בשנת 1931.", "מתי נפתחו הנמלים?"),
        ("ביערות של העיר חיים שועלים רבים.", "כמה שועלים יש ביער?"),
        ("ראש העירייה בנה גשר מעל הנהר.", "מי בנה את הגשר?"),
    ],
    "hi": [
        ("शहर का बंदरगाह 1931 में खोला गया था।", "बंदरगाह कब खुला?"),
        ("शहर के जंगलों में कई लोमड़ियाँ रहती हैं।", "जंगल में कितनी लोमड़ी हैं?"),
        ("शहर के महापौर ने एक पुल बनाया।", "पुल किस महापौर ने बनवाया?"),
    ],
    "ja": [
        ("市の港は1931年に開かれました。", "港はいつ開かれたのですか。"),
        ("市の森にはたくさんの狐が住んでいます。", "森に狐は何匹いますか。"),
        ("市長は川に大きな橋を架けました。", "誰が橋を架けたのですか。"),
    ],
    "ko": [
        ("도시의 항구는 1931년에 열렸다.", "항구가 언제 열렸습니까?"),
        ("도시의 숲에는 많은 여우가 살고 있다.", "숲에서 여우는 몇 마리 삽니까?"),
        ("시장은 강 위에 다리를 건설하였다.", "누가 다리의 건설을 시작했습니까?"),
    ],
    "th": [
        ("ท่าเรือของเมืองเปิดในปี 1931", "ท่าเรือเปิดเมื่อไหร่"),
        ("ในป่าของเมืองมีสุนัขจิ้งจอกจำนวนมาก", "มีสุนัขจิ้งจอกกี่ตัวในป่า"),
        ("นายกเทศมนตรีสร้างสะพานข้ามแม่น้ำ", "ใครสร้างสะพาน"),
    ],
    "tr": [
        ("Şehrin limanı 1931 yılında açıldı.", "Limanlar ne zaman açıldı?"),
        ("Şehrin ormanlarında birçok tilki yaşıyor.", "Ormanda kaç tilkiler var?"),
        ("Belediye başkanı İstanbul'a bir köprü yaptırdı.", "İSTANBUL'DA köprüyü kim yaptırdı?"),
    ],
    "vi": [
        ("Cảng của thành phố được mở vào năm 1931.", "Cảng mở khi nào?"),
        ("Trong rừng của thành phố có nhiều con cáo.", "Có bao nhiêu con cáo trong rừng?"),
        ("Thị trưởng đã xây một cây cầu qua sông.", "Ai đã xây cây cầu?"),
    ],
    "zh": [
        ("这个城市的港口于1931年开放。", "港口是什么时候开放的？"),
        ("这个城市的森林里住着很多狐狸。", "森林里有多少只狐狸？"),
        ("市长在河上修建了一座大桥。", "谁修建了大桥？"),
    ],
}
PARAGRAPHS = [(language, text) for language, pairs in PAIRS.items() for text, _ in pairs]


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """Index the paragraphs of all languages together."""
    return LexicalIndex.of_terms(
        [terms_of(text, language) for language, text in PARAGRAPHS], [c for c, _ in PARAGRAPHS]
    )


@pytest.mark.parametrize("language", PAIRS)
def test_each_question_finds_its_paragraph_among_all_languages(language: str, lexical: LexicalIndex) -> None:
    """Asked in any of ten languages at once, a question finds the paragraph with its words, inflected otherwise."""
    found = []
    for _, question in PAIRS[language]:
        weights = {known: lexical.weigh(terms_of(question, known)) for known in lexical.known_languages}
        found.append(PARAGRAPHS[int(lexical.scores(weights).argmax())])

    assert found == [(language, text) for text, _ in PAIRS[language]]


def test_documents_are_analysed_in_their_own_language(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """In an index of several languages each document keeps its own, and question and sentence are compared in it."""
    seeds = write_seeds(
        {f"{language}.txt": "\n\n".join(text for text, _ in pairs) for language, pairs in PAIRS.items()}
        | {"en.txt": "The harbour of the city was opened in 1931.\n\nMany foxes live in the forests of the city."}
    )
    update(tmp_path / "index", seeds, WordEncoder(), progress=no_progress)
    with open_current(tmp_path / "index") or pytest.fail("there is no index") as index:
        assert {name: index.store.document(name).language for name in index.store.stamps()} == {
            f"{language}.txt": language for language in [*PAIRS, "en"]
        }
        question = encode_question("Πόσες αλεπούδες ζουν στο δάσος;", WordEncoder(), index.lexical)
        judge = Judge(Weights.load(packaged_weights(None)))
        [best] = judge.weigh(question, retrieve(question, index, judge.weights.ranking, limit=1), index)

        assert (best.document.name, set(question.analyses)) == ("el.txt", {*PAIRS, "en"})
        assert best.sentences[0].coverage == max(scores.coverage for scores in best.sentences) > 0.4


@pytest.mark.parametrize("language", PAIRS)
def test_a_few_lines_tell_their_language(language: str) -> None:
    """Three short sentences are enough."""
    assert language_of("\n".join(text for text, _ in PAIRS[language])) == language
