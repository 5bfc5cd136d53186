"""Bytes in, the name of their character encoding out, with whether that is certain or a guess."""

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from annexscan.errors import InputError

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII_SHARE = 0.05  # separators and line ends alone reach this in a Chinese table; misread UTF-8 does not
_PLAIN_SHARE = 0.9  # of the bytes beside a few NULs; above it the text is ASCII with NULs strewn in
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
          "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254", "shift_jis": "cp932", "euc-kr": "cp949",
          "big5": "big5hkscs"}  # fmt: skip  # what browsers read these labels as (WHATWG Encoding Standard)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode an input.

    Attributes:
        name: A Python codec name.
        guessed_from: Offset of the first byte that made this a guess; None when the encoding is certain.
    """

    name: str
    guessed_from: int | None = None

    def note(self, path: str) -> InputError | None:
        """The error record to leave when the encoding is a guess."""
        if self.guessed_from is None:
            return None
        return InputError(
            f"the text is not UTF-8 and names no encoding; it was read as {self.name}, which is a guess",
            path=path,
            where=f"byte {self.guessed_from}",
            remedy="compare a few names with the original; if they are wrong, save the file as UTF-8",
        )


def of_file(path: Path) -> Encoding:
    """The encoding of a text file, read once in constant memory.

    UTF-8 with a few damaged bytes is still UTF-8: decode it with ``errors="surrogateescape"`` and mend by row.
    """

    def chunks() -> Iterable[bytes]:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    return _detect(chunks)


def of_bytes(data: bytes) -> Encoding:
    """The encoding of bytes in memory."""
    return _detect(lambda: (data,))


def labelled(label: str) -> str | None:
    """The codec browsers use for a charset label, or None for a label nobody knows."""
    name = label.strip().strip("\"'").lower()
    name = _WIDER.get(name, name)
    try:
        info = codecs.lookup(name)
    except LookupError:
        return None
    return info.name if info._is_text_encoding else None


def _detect(chunks: Callable[[], Iterable[bytes]]) -> Encoding:
    head = next(iter(chunks()), b"")[:_SAMPLE]
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    wide = _utf16_without_mark(head)
    if wide:
        return Encoding(wide)
    at = _first_damage(chunks())
    if at is None:
        return Encoding("utf-8")
    damaged, whole = _count_damage(chunks())
    if damaged * 4 < whole:
        return Encoding("utf-8")
    return Encoding(_guess(chunks(), at), at)


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 by its separators: a good share of the decoded text is plain ASCII, and none of it is NUL."""
    if b"\0" not in head:
        return None
    rest = head.replace(b"\0", b"")
    plain = sum(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in rest) / max(len(rest), 1)
    if len(rest) > 0.75 * len(head) and plain > _PLAIN_SHARE:
        return None
    best, best_share = None, _ASCII_SHARE
    for name in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(name, errors="replace")
        share = sum(" " <= char <= "~" or char in "\t\r\n" for char in text) / max(len(text), 1)
        if share > best_share and "\0" not in text and text.count("\ufffd") <= 1:
            best, best_share = name, share
    return best


def _first_damage(chunks: Iterable[bytes]) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    for chunk in chunks:
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return done - pending + error.start
        done += len(chunk)
    return done - len(decoder.getstate()[0]) if decoder.getstate()[0] else None


def _count_damage(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Bytes that are not UTF-8, and characters beyond ASCII that are."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    damaged = beyond = 0
    for chunk in chunks:
        text = decoder.decode(chunk)
        if not text.isascii():
            beyond += sum(char > "\x7f" for char in text)
            damaged += sum("\udc80" <= char <= "\udcff" for char in text)
    return damaged, beyond - damaged


def _guess(chunks: Iterable[bytes], at: int) -> str:
    """The most likely legacy encoding of the first sample's worth of bytes around offset ``at``."""
    from charset_normalizer import from_bytes

    start = max(0, at - _SAMPLE // 2)
    sample, done = b"", 0
    for chunk in chunks:
        if done + len(chunk) > start:
            sample += chunk[max(0, start - done) :]
        done += len(chunk)
        if len(sample) >= _SAMPLE:
            break
    # Cutting the head off may split a two-byte character; a line begins clean.
    best = from_bytes(sample[:_SAMPLE].split(b"\n", 1)[-1] if start else sample[:_SAMPLE]).best()
    if best is None or best.encoding in {"ascii", "utf_8"}:
        return "cp1252"
    return best.encoding
