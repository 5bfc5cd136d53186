import pytest

from annexscan.errors import CorpusError, UsageError
from annexscan.lexicon import (
    Role,
    concept_entries,
    read_concepts,
    read_context_terms,
    read_trade_terms,
    read_user_terms,
)

KINDS = frozenset({"leg_irons"})
HEAD = "term,language,kind,strength,gloss,source,note\n"


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_trade_term_is_read(tmp_path):
    (entry,) = read_trade_terms(
        write(tmp_path, "trade-ru.csv", HEAD + "кандал*,ru,leg_irons,strong,shackles,authored,\n"), KINDS
    )
    assert (entry.key, entry.prefix, entry.role, entry.gloss) == ("кандал", True, Role.TRADE, "shackles")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("irons,en,leg_iron,strong,irons,authored,\n", "unknown kind 'leg_iron'"),
        ("irons,en,leg_irons,firm,irons,authored,\n", "strength must be one of"),
        ("irons,en,leg_irons,strong,irons,,\n", "source is empty"),
        (",en,leg_irons,strong,irons,authored,\n", "term is empty"),
        ("irons,en,leg_irons,strong,irons,authored,\n" * 2, "stands twice"),
    ],
)
def test_a_bad_row_is_refused_by_file_and_line(tmp_path, row, said):
    with pytest.raises(CorpusError, match=rf"trade-en\.csv, line [23].*{said}"):
        read_trade_terms(write(tmp_path, "trade-en.csv", HEAD + row), KINDS)


def test_a_missing_folder_or_column_is_said(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        read_context_terms(tmp_path)
    with pytest.raises(CorpusError, match="no column sense"):
        read_context_terms(write(tmp_path, "context-en.csv", "term,language,gloss,source\n"))


def test_a_foreign_word_that_is_an_english_concept_is_not_glossed(tmp_path):
    write(tmp_path, "concepts-a.csv", "concept,category,zh,ru,ar,es,fr,de,pt,tr,it,pl\n"
          "red,colour,红,красный,أحمر,rojo,rouge,rot,vermelho,kırmızı,rosso,czerwony\n"
          "net,good,网,сеть,شبكة,red,filet,Netz,rede,ağ,rete,siatka\n")  # fmt: skip
    write(tmp_path, "nouns-nl.csv", "language,word,concept,category\nnl,rood,red,colour\n")
    concepts = read_concepts(tmp_path)
    assert {concept.english: concept.words.get("nl") for concept in concepts} == {"red": ("rood",), "net": None}
    assert ("red", "es") not in {(entry.term, entry.language) for entry in concept_entries(concepts)}


def test_user_terms_need_a_known_kind(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("term,kind\nquiet bracelet,leg_irons\n", encoding="utf-8")
    assert [entry.term for entry in read_user_terms(path, KINDS)] == ["quiet bracelet"]
    path.write_text("term,kind\nquiet bracelet,bracelet\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: unknown kind"):
        read_user_terms(path, KINDS)
    path.write_text("term,kind\n镣,leg_irons\n", encoding="utf-8-sig")
    with pytest.raises(UsageError, match="line 2: '镣' is too short"):
        read_user_terms(path, KINDS)
    path.write_bytes("term,kind\nféroce,leg_irons\n".encode("latin-1"))
    with pytest.raises(UsageError, match="cannot be read as UTF-8"):
        read_user_terms(path, KINDS)
