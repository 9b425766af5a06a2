"""What answers have in common that are the same to a marker, to the letter: only what cannot carry meaning is left out.

In a text that is the case of words, white space, another cut of the same sign (a curly apostrophe, a long dash), and
a full stop at the very end. Signs stay, since "-1" is not "1" and "n!" is not "n"; so do letters that stand alone,
short names and Greek ones, since W and w, or Sigma and sigma, are two things. CNN and cnn are one.
"""

from __future__ import annotations

import json
import re
import unicodedata

from app.domain.values import Json

_ENGLISH = (
    "all an and any are as at but by can do don for get has he her his how if in is isn it its no not of on one or our "
    "so than the then they this to two use was we what when who why will with yes you your"
)
_GERMAN = "auf aus bei da das dem den der des die ein es für im ist ja man mit nur sie und von wie zu"
SHORT_WORDS = frozenset(f"{_ENGLISH} {_GERMAN}".split())
"""Words of which the case says nothing although they are short; other short ones may be names: AB, Wx."""
_ACRONYMS = (
    "ann auc bce cnn cpu dnn dqn elu fcn fid gan gcn gmm gnn gpu gru hmm iou knn lda mae mdp mle mlp mse nll nlp ocr "
    "pca pdf rbf rgb rnn roc sgd svd svm tpu vae vgg vit"
)
_FUNCTIONS = "abs cos cov det exp log max min sin std tan var"
NO_PRODUCTS = frozenset(f"{_ACRONYMS} {_FUNCTIONS}".split())
"""Names of three letters that are written in any case and are no product of three letters; longer ones are words."""
_LETTERS = "alpha beta gamma delta epsilon zeta theta iota kappa lambda omicron sigma upsilon omega nabla"
GREEK = frozenset(_LETTERS.split())
LONG_WORD = 4
_SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "\u2033": "''",
        "\u2026": "...",
        "\u00b5": "\u03bc",
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
    }
)
# A word by itself: no part of x_max, of \Sigma, of x^T or of R2D2.
_WORD = re.compile(r"(?<![\w\\^])[^\W\d_]+(?![\w^])")
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]")


def normal_form(kind: str, value: Json) -> str:
    """What identical answers to a field of that kind have in common; empty where nothing was answered."""
    if value is None or value == "" or value == []:
        return ""
    if kind == "text" and isinstance(value, str):
        return text_form(value)
    if kind != "program":
        value = trimmed(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def text_form(text: str) -> str:
    """A text without what cannot carry meaning in it."""
    said = " ".join(_composed(text).translate(_SAME_SIGNS).split())
    said = _WORD.sub(lambda found: _lowered(found[0]), said)
    # Three points are no full stop.
    return re.sub(r"(?<=[^.\s])\s?\.$", "", said)


def trimmed(value: Json) -> Json:
    """A typed value without white space around its lines; more than one blank counts as one."""
    if isinstance(value, str):
        lines = (" ".join(line.split()) for line in _composed(value).splitlines())
        return "\n".join(lines).strip("\n")
    if isinstance(value, list):
        return [trimmed(one) for one in value]
    return value


def _composed(text: str) -> str:
    # Not NFKC: it makes x2 of x².
    return _FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), unicodedata.normalize("NFC", text))


def _lowered(word: str) -> str:
    folded = word.lower()
    if len(word) >= LONG_WORD:
        return word if folded in GREEK else folded
    return folded if folded in SHORT_WORDS | NO_PRODUCTS else word
