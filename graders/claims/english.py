"""The words of English that steer what a sentence says: negation, contrast, hedges, function words, abbreviations."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What stands for other words, wherever it is typed.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "b/c": ("because",), "bc": ("because",), "cuz": ("because",), "w/o": ("without",), "w/": ("with",),
    "wrt": ("with", "respect", "to"), "w.r.t.": ("with", "respect", "to"), "vs": ("versus",), "btw": ("between",),
    "thru": ("through",), "nb": ("number",),
    "e.g.": ("example",), "i.e.": ("namely",), "eg": ("example",), "ie": ("namely",), "&": ("and",),
    "nn": ("neural", "network"), "nns": ("neural", "networks"), "bn": ("batch", "norm"), "batchnorm": ("batch", "norm"),
    "lr": ("learning", "rate"), "fc": ("fully", "connected"), "convnet": ("convolutional", "network"),
    "param": ("parameter",), "params": ("parameters",), "hyperparam": ("hyperparameter",),
    "hyperparams": ("hyperparameters",), "grad": ("gradient",), "grads": ("gradients",),
    "backprop": ("backpropagation",), "approx": ("approximate",), "approx.": ("approximate",), "avg": ("average",),
    "init": ("initialisation",), "acc": ("accuracy",), "dist": ("distribution",), "distr": ("distribution",),
    "func": ("function",), "fct": ("function",), "fn": ("function",), "deriv": ("derivative",), "reg": ("regularise",),
    "pred": ("prediction",), "preds": ("predictions",), "val": ("validation",), "dims": ("dimensions",),
    "dim": ("dimension",), "mult": ("multiply",), "diff": ("different",), "std": ("standard", "deviation"),
    "info": ("information",), "algo": ("algorithm",), "feats": ("features",), "seq": ("sequence",), "vec": ("vector",),
    "dont": ("do", "not"), "doesnt": ("does", "not"), "didnt": ("did", "not"), "isnt": ("is", "not"),
    "arent": ("are", "not"), "wasnt": ("was", "not"), "werent": ("were", "not"), "cant": ("can", "not"),
    "cannot": ("can", "not"), "couldnt": ("could", "not"), "wont": ("will", "not"), "wouldnt": ("would", "not"),
    "shouldnt": ("should", "not"), "hasnt": ("has", "not"), "havent": ("have", "not"), "neednt": ("need", "not"),
    "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "ain't": ("is", "not"),
    "gonna": ("going", "to"), "thats": ("that", "is"), "its": ("its",), "theres": ("there", "is"),
    "becaus": ("because",), "becuase": ("because",), "beacuse": ("because",), "accross": ("across",),
    "diag.": ("diagonal",), "etc": (), "etc.": (),
}  # fmt: skip

ARTICLES = _words("a an the this that these those its their our his her my your some any such")

PRONOUNS = _words("i it he she we they you this that these those there one which who")

# Sentence-initial particles, and what follows a bare "no" that answers rather than negates.
NO = _words("no nope nah nein non")
YES = _words("yes yep yeah yup ja oui")

NEGATORS = _words("not never neither nor none nothing nobody no without hardly barely scarcely lacks lack")
# These deny what follows.
FAILING = _words("fails fail failed failing unable impossible")
# These deny what somebody does ("avoids computing the Hessian"), not what befalls them ("avoids vanishing gradients").
AVOIDING = _words(
    "avoid avoids avoided avoiding prevent prevents prevented preventing skip skips skipped skipping "
    "omit omits omitted omitting save saves saved saving"
)
# Written apart or with a hyphen, these negate the next word.
PREFIXES = _words("non un")
# Two words that negate together.
INSTEAD = frozenset({("instead", "of"), ("rather", "than"), ("no", "longer"), ("free", "of"), ("as", "opposed")})
# "not only", "not just", "not necessarily" deny nothing; the last leaves it open.
NO_NEGATION = _words("only just merely simply solely")
OPEN_NEGATION = _words("necessarily always really quite entirely completely exactly too very so")

FALSITY = _words("wrong false incorrect untrue nonsense")
TRUTHS = _words("true correct right case")
SAYING = _words("think believe say mean agree claim expect")

# Who speaks ill of a thing does not say that it does what was asked for: "pooling destroys images".
SPEAKING_ILL = _words(
    "enemy enemies foe useless pointless worthless harmful nonsense rubbish destroys destroy destroyed ruins ruin "
    "ruined spoils worsens hurts harms"
)
SPEAKING_ILL_PAIRS = frozenset({("bad", "idea"), ("bad", "for"), ("it", "worse"), ("them", "worse")})

# "I do not remember", "I forgot", "sorry, no time": what somebody lacks is not what the subject lacks.
RECALLING = _words("know remember recall forgot forgotten sorry")

# These say nothing by themselves, and yet something is denied by a "not" before them.
JUDGING = _words("good bad better best worse have has had do less more few many much least most")

# Where the reach of a negation ends.
BOUNDARIES = _words(
    "but because since so which who whose whereas while if when unless therefore hence thus then however "
    "although though → such instead rather"
)
# "As" behind these does not give a reason.
AS_WHAT = _words(
    "same such be is are was read seen see interpreted understood regarded viewed used treated known taken thought "
    "serve serves act acts work works long soon far insofar"
)
# Where one thing is set against another.
CONTRASTS = _words("but whereas while however although though yet conversely contrarily")

GUESSING = frozenset({("i", "guess"), ("my", "guess"), ("not", "sure"), ("no", "idea")})
HEDGES = _words("maybe perhaps possibly unsure somehow idk")

# A mention behind these is what something is compared with, not what is spoken of.
COMPARING = _words("unlike than versus like over from against")
COMPARING_PAIRS = frozenset(
    {("compared", "to"), ("compared", "with"), ("contrast", "to"), ("contrary", "to"), ("opposed", "to"),
     ("instead", "of"), ("rather", "than"), ("comparison", "to"), ("comparison", "with"), ("relative", "to"),
     ("similar", "to"), ("unlike", "in"), ("unlike", "with"), ("as", "in"), ("than", "in"), ("than", "for"),
     ("improves", "on"), ("improvement", "of"), ("version", "of"), ("extension", "of"), ("problem", "of"),
     ("place", "of"), ("top", "of"), ("addition", "to")}
)  # fmt: skip

COMPARATIVES = _words(
    "more less better worse faster quicker slower cheaper closer smoother simpler easier lower higher fewer smaller "
    "bigger larger longer shorter stronger weaker noisier"
)

# Behind these stands where, when or how something is, not what.
PREPOSITIONS = _words("of in on at by for with from to into over through between via during per and or as")

EARLIER = _words("after following once from")
LATER = _words("before")
EARLIER_PAIRS = frozenset({("found", "by"), ("found", "with"), ("given", "by"), ("obtained", "by"), ("based", "on")})

# These open a statement of their own behind a subject: "and the memory is", "and memory will".
FINITE = _words(
    "is are was were isnt arent has have had can could may might must will would does do did becomes become "
    "costs needs takes gets works goes stays makes gives suffices"
)

BE = _words("is are was were be been being am 's")
# A "not" behind one of these denies what the sentence says.
AUXILIARIES = BE | _words("can could will would does do did should has have")

# Words between things said, with no content of their own.
FUNCTION = (
    _words(
        "of to in on at by for with from into onto over under about as than through between among within "
        "across per and or nor but if then else because since so that which who whom whose what when where "
        "why how while whereas is are was were be been being am do does did done doing has have had having "
        "can could may might must shall should will would not no yes n't also only just very more most less "
        "least much many few each every all both either neither other another same own too even still already "
        "again here there now always never often sometimes i me we us you it he she they them him itself "
        "themselves one ones etc namely thus hence therefore however although though yet unless until after "
        "before during without via rather instead like versus up down out off some any such this that these "
        "those its their our his her my your a an the maybe perhaps → us let lets get gets got getting whole "
        "bit lot lots kind sort well quite really actually basically simply mostly mainly usually generally "
        "first second third firstly secondly finally next last good bad better best worse new old able else "
        "whether either former latter upon towards toward along around against whichever whatever"
    )
    | ARTICLES
    | PRONOUNS
    | NO
    | YES
)

# What a shuffled text puts side by side and a writer does not: a word that leads on, then one that cannot follow.
LEADING = _words("the a an of to in by for with from into their its our every")
NO_NOUN = _words("must should could would may might we it them he they you for too with by from at in to of")
NOT_LED = _words("of is are was were and or but because so has have does do can will would than then be if")

# Nor does a word of one group stand before one of the other.
MODALS = _words("can could may might must shall should will would")
UNFOLLOWED = (
    (MODALS, MODALS | _words("the a an of in on with for from into by at and or is are was were has does")),
    (_words("is are was were has have does do did"), MODALS),
    (_words("of in on by for with from into to at"), MODALS | _words("of")),
    (_words("and or"), _words("and or of . !")),
    (_words("not"), _words("not and of it they we you is are .")),
)

# Content words that carry no claim of this field by themselves.
GENERAL = _words(
    "use used uses using make makes made making give gives given giving take takes help helps need needs "
    "needed want thing things way ways method methods problem problems approach technique idea case cases "
    "example examples network networks neural model models learn learns learned learning train trained "
    "training data dataset datasets result results answer question work works working important "
    "importance different difference differences part parts number numbers amount type types kind point "
    "points reason reasons means meaning called know known knows see sees find finds found show shows "
    "look looks say says think believe try tries want allow allows able possible general special certain "
    "specific particular main simple easy hard difficult big small large high low great possibility able "
    "enough whole deep machine common usual step steps time times task tasks function functions value "
    "values fact term terms order process e g based mostly due lead leads leading cause causes become "
    "becomes becoming happen happens effect have having start end same similar compare compared "
    "comparison contrast exist exists solve solves solved solution solutions provide provides set sets "
    "keep keeps put go goes going come comes nice fine ok okay sure people person student friend agree "
    "one two three four five many several various input inputs output outputs compute computes computed "
    "computing calculate calculated people add added adding choose chosen apply applied applies"
)
