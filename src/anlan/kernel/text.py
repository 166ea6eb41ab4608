"""Text at the edge: refuse what a database or a reader cannot hold, tidy what people type, cut it into search terms."""

import re
import unicodedata

from django.utils.translation import gettext as _

# Control characters, among them NUL, which PostgreSQL refuses; tab and line ends are spared.
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_LONE_SURROGATE = r"\ud800-\udfff"
# Marks that reverse the reading order and can make one text look like another.
_BIDI = r"\u202a-\u202e\u2066-\u2069"
_UNFIT = re.compile(f"[{_CONTROL}{_LONE_SURROGATE}{_BIDI}\ufffe\uffff]")

_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x85")
_SPACES = re.compile(r"[ \t\r\n\u00a0\u2028\u2029\u3000]+")
_EDGE = " \t\r\n\u00a0\u200b\u3000\ufeff"

# What stands between words. Written as ranges, not as classes, because PostgreSQL and Python class characters
# differently and both must cut alike: ASCII and Latin-1 marks, general punctuation, arrows to box drawings and symbols,
# CJK marks, private use, variation selectors, compatibility forms.
_BETWEEN = (
    r"\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30a0\u30fb\ue000-\uf8ff\ufe00-\ufe6f\uff00-\uff0f\uff1a-\uff20"
    r"\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff"
)
_WORD = re.compile(f"[^{_BETWEEN}\\x00]+")
_LATIN_RUN = re.compile("[0-9a-z]{3,}")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")

# The SQL twins of `fold` and `bigrams`, for PostgreSQL 15 and later in a UTF-8 database. Bodies of the `RETURN` form are
# bound when created, so an index on them survives a restore with an empty search path.
FOLD_SQL = """
CREATE OR REPLACE FUNCTION anlan_fold(t text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN translate(normalize(t, NFKC), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');
"""
BIGRAMS_SQL = rf"""
CREATE OR REPLACE FUNCTION anlan_bigrams(t text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (
    SELECT coalesce(array_agg(DISTINCT g.gram COLLATE "C" ORDER BY g.gram COLLATE "C"), '{{}}'::text[])
    FROM (
      SELECT substr(w.word, i, 2) AS gram
      FROM regexp_split_to_table(anlan_fold(t), '[{_BETWEEN}]+') AS w(word), generate_series(1, length(w.word) - 1) AS i
      UNION ALL
      SELECT substr(r.run[1], i, 3)
      FROM regexp_matches(anlan_fold(t), '[0-9a-z]{{3,}}', 'g') AS r(run), generate_series(1, length(r.run[1]) - 2) AS i
    ) AS g
  );
"""


class TextError(ValueError):
    """The message is for the person who typed the text."""


def is_clean(text: str) -> bool:
    """No character that `clean_line` and `clean_text` would refuse."""
    return _UNFIT.search(text) is None


def clean_line(text: str, *, max_length: int | None = None) -> str:
    """One line: any run of spaces and line ends becomes one space."""
    return _checked(_SPACES.sub(" ", text).strip(_EDGE), max_length)


def clean_text(text: str, *, max_length: int | None = None) -> str:
    """Several lines: line ends become line feeds, trailing spaces go."""
    lines = _LINE_END.sub("\n", text).split("\n")
    return _checked("\n".join(line.rstrip(_EDGE) for line in lines).strip(_EDGE), max_length)


def _checked(text: str, max_length: int | None) -> str:
    if found := _UNFIT.search(text):
        name = f"U+{ord(found[0]):04X}"
        raise TextError(
            _("The text holds the character %(name)s at position %(place)s, which cannot be stored or read.")
            % {"name": name, "place": found.start() + 1}
        )
    # NFC and not NFKC: full-width figures and units stay as the person wrote them.
    text = unicodedata.normalize("NFC", text)
    if max_length is not None and len(text) > max_length:
        raise TextError(
            _("The text has %(count)s characters; %(limit)s are allowed.") % {"count": len(text), "limit": max_length}
        )
    return text


def fold(text: str) -> str:
    """As search compares: full width as half width, capital letters of ASCII as small ones."""
    return unicodedata.normalize("NFKC", text).translate(_LOWER)


def words(text: str) -> list[str]:
    """Folded runs without punctuation and spaces: `3号炉 LPG` gives `3号炉`, `lpg`."""
    return _WORD.findall(fold(text))


def bigrams(text: str) -> list[str]:
    """
    What the search index holds of `text`: all pairs in each word, all triples in each run of Latin letters and figures.

    Triples because pairs of figures are too few to tell a thousand codes apart. Sorted by code point, as `anlan_bigrams`.
    """
    grams: set[str] = set()
    for word in words(text):
        grams.update(word[i : i + 2] for i in range(len(word) - 1))
        for run in _LATIN_RUN.findall(word):
            grams.update(run[i : i + 3] for i in range(len(run) - 2))
    return sorted(grams)


def search_terms(query: str) -> list[str]:
    """
    What a text must hold to be a candidate: `anlan_bigrams(column) @> terms`, then compare with `words(query)`.

    A single character gives no term (the index holds none); with an empty list only the comparison is left.
    """
    terms: set[str] = set()
    for word in words(query):
        runs = [match.span() for match in _LATIN_RUN.finditer(word)]
        for start, end in runs:
            terms.update(word[i : i + 3] for i in range(start, end - 2))
        terms.update(
            word[i : i + 2] for i in range(len(word) - 1) if not any(start <= i and i + 2 <= end for start, end in runs)
        )
    return sorted(terms)


def whole_address(place: str, address: str) -> str:
    """Where something lies, in one line: what the address says again of its place is said once."""
    again = next((n for n in range(min(len(place), len(address)), 0, -1) if place.endswith(address[:n])), 0)
    return place + address[again:]
