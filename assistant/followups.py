"""Follow-ups into questions that stand alone, by rules for English and Arabic.

The rules know fragments ("and Algeria?", وماذا عن تونس؟), bare question words ("why?") and
pronouns. What a fragment names takes the place of the one name of its kind in the last
question; of several places, the one behind the same preposition, else the first, which is most
often the subject. Where nothing fits, the last question is put before the follow-up, so that
the search sees both. What else leans on a conversation ("did it agree?" of an event, a verb
without its subject) isn't seen.
"""

from __future__ import annotations

import re

from assistant.referents import (
    Mention,
    attach,
    find_offices,
    find_people,
    find_places,
    find_years,
    is_arabic,
)
from vectorstore.names import place_name

_PREPOSITIONS = "in|from|to|of|for|at|on|by|with|against|near"
_AUXILIARIES = "did|does|do|was|were|is|are|has|have|had|will|can|could|would|should"
_ABOUT = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?)\b,?\s*)?(?:what|how) about\s+(?P<new>.+?)[\s?!.]*$|"
    r"^و?\s*ماذا عن\s+(?P<arabic>.+?)[\s؟?]*$",
    re.IGNORECASE,
)
_AND = re.compile(r"^(?:and|but)\b,?\s*(?P<rest>.+)$", re.IGNORECASE)
_FRAGMENT = re.compile(
    rf"^(?:(?P<preposition>{_PREPOSITIONS})\s+)?(?P<new>[^\s?!.]+(?:\s+[^\s?!.]+){{0,3}})[\s?!.]*$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(rf"\b(?:who|what|when|where|why|how|which|{_AUXILIARIES})\b", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?:and|but|so)\b,?\s*)?(?P<word>why|when|where|how)"
    r"(?:\s+(?:(?:was|did)\s+(?:that|this|it)(?:\s+(?:happen|be|done))?|is\s+(?:that|this)))?"
    r"[\s?!.]*$|"
    r"^و?\s*(?P<arabic>لماذا|متى|أين|كيف)(?:\s+(?:كان|حدث|وقع|حصل|تم|جرى)\s+(?:ذلك|هذا))?[\s؟?]*$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"^(?P<wh>what|who|whom|where|when|why|how|which)\b(?P<noun>.*?)\s*"
    rf"\b(?P<auxiliary>{_AUXILIARIES})\s+(?P<rest>.+?)[\s?!.]*$",
    re.IGNORECASE,
)
_ASKED_ARABIC = re.compile(
    r"^(?!ماذا (?:عن|حدث|حصل|وقع|جرى)\b)(?P<wh>ماذا|متى|أين|لماذا|كيف)\s+"
    r"(?!هو\b|هي\b)(?P<rest>.+)$"
)
_HOW_MANY = re.compile(r"^how many\s+(?P<noun>\w+)\b", re.IGNORECASE)
_HOW_MANY_BARE = re.compile(
    r"^how many(?=\s+(?:were|was|are|is|have|had|did|will)\b)", re.IGNORECASE
)
_CIRCUMSTANCE = re.compile(r"\b(?:in|at|on|during|after|near)\s+\w.*?(?=[\s?!.]*$)", re.IGNORECASE)
_EVENT = re.compile(
    rf"\b(?P<before>\w+)\s+(?P<event>the(?:\s+(?!(?:{_AUXILIARIES}|the|who|that|which|by|to)\b)"
    r"[\w'’-]+)+)[\s?!.]*$",
    re.IGNORECASE,
)  # the noun phrase that a question ends with
_NO_EVENT = re.compile(rf"(?:{_AUXILIARIES}|{_PREPOSITIONS}|about|during|after)$", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"^(?:\w{2,}ed|\w+ing|held|made|built|sent|said|left|met|won|lost|shot|paid|known|born|begun|"
    r"broken|chosen|given|shown|taken|written|found|seen|put|set|cut|brought|sold)$"
)
_SHORT = 2  # words: a question that short and without a name can't stand alone
_EARLY, _BRIEF = 5, 8  # words before a pronoun, words in a question
_THE = re.compile(r"^the\s+", re.IGNORECASE)
_STRANDED = re.compile(r"\s+(?:for|to|about|with|of|on|from|in|at)$", re.IGNORECASE)
_HE = re.compile(
    r"\b(?P<be>(?:he|she)(?=['’]s\b))['’]s\b|\b(?P<whose>his|her(?=\s+(?!(?:in|on|at|to|for|from|"
    r"about|with|of|as|and|or|by|after|before)\b)\w))\b|\b(?:he|she|him|her)\b",
    re.IGNORECASE,
)
_WHO_IS = re.compile(r"^(?:and\s+)?who\s+(?:is|was|were|are)\b", re.IGNORECASE)
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )(?P<behind>\b(?:from|in|near|over)\s+)?"
    r"\bthere\b(?!['’]s)(?!\s+(?:is|are|was|were|be|will|would|has|have|had|may|might|can)\b)",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:they|them|their|its|these|those)\b|"
    r"\b(?<!does )(?<!time is )it\b(?!\s+(?:takes?|true|possible|likely|safe|raining|is|was)\b)|"
    r"\bthis\b(?!\s+(?:year|week|month|morning|evening|summer|winter|spring|autumn|season|decade|"
    r"century|weekend|time)\b)|"
    r"\b(?:was|is|were|did|does|why|about|after|before|of|like|by|with|from)\s+that\b|"
    r"\bthat[\s?!.]*$|"
    r"^(?:please\s+)?(?:tell me more|(?:give me )?more(?: details)?\b|go on|continue|elaborate|"
    r"explain|(?:what|who|where|any(?:thing|one|body)) else|how (?:so|come))|"
    rf"^(?:who|what|which|how (?:many|much))[\s?!.]*$|"
    rf"^(?:{_PREPOSITIONS})\s+(?:what|which|whom)\b(?!.*\b(?:{_AUXILIARIES})\b)",
    re.IGNORECASE,
)
_LEANS_ARABIC = re.compile(
    r"(?<!\w)(?:ذلك|تلك|هؤلاء|هذا|هذه)(?!\w)(?!\s+(?:العام|الأسبوع|الشهر|اليوم|السنة|المساء|الموسم))|"
    r"(?<!\w)(?:عنه|عنها|له|لها|فيه|فيها|منه|منها|معه|معها|إليه|إليها|عليه|عليها)(?!\w)|"
    r"^و?(?:أخبرني|حدثني|زدني|المزيد|اشرح|وضح|ماذا أيضا|من أيضا|ما السبب)|(?<!\w)هناك[\s؟?]*$|"
    r"^و?\s*(?:من|كم|ماذا)[\s؟?]*$"
)
_WHO_ARABIC = re.compile(r"^و?\s*من\s+(?:هو|هي)[\s؟?]*$")
_HERE_ARABIC = re.compile(r"(?<!\w)هناك(?=[\s؟?]*$)")
_OF_HIM = re.compile(
    r"(?<!\w)(?P<before>عن|ل|في|من|مع)(?P<who>ه|ها)(?!\w)"
)  # إليه and عليه change their form: they only lean


def resolve(question: str, asked: str, answered: str) -> str:
    """Return a follow-up as a question that stands alone; one that does already, as it is.

    Args:
        question: what is asked now.
        asked: the question before it.
        answered: the answer to that, in English.
    """
    question, asked = question.strip(), asked.strip()
    joined = f"{asked} {question}"
    if bare := _BARE.match(question):
        return _ask_otherwise(bare, asked) or joined
    if about := _ABOUT.match(question):
        return _substitute(about["new"] or about["arabic"], None, asked) or joined
    body = question
    if begun := _AND.match(question):
        body = begun["rest"]
        fragment = _FRAGMENT.match(body)
        if fragment and not _CLAUSE.search(body):
            return _substitute(fragment["new"], fragment["preposition"], asked) or joined
        if find_places(body) or find_people(body):
            return question
    referred = _refer_arabic if is_arabic(body) else _refer
    resolved = referred(body, asked, answered)
    if resolved is not None:
        return resolved or joined
    if _HOW_MANY_BARE.match(body) or (body != question and _CLAUSE.match(body)):
        return _placed(body, asked)
    return joined if body != question else question


# ------------------------------------------------------------------- fragments
def _substitute(new: str, preposition: str | None, asked: str) -> str | None:
    """Put what a fragment names in place of the name of its kind in the last question."""
    name = _whole_name(new)
    target = _target(name, preposition, asked) if name else None
    if name is None or target is None:
        return None
    words = new.strip()
    if is_arabic(asked) != is_arabic(new):
        if is_arabic(asked) or name.kind != "place":
            return None
        words = place_name(name.identity)
    if name.kind == "place" and is_arabic(asked):
        return _put_arabic(asked, target, words)
    before = asked[: target.start]
    if name.kind == "place":
        before = before.removesuffix("the ")
    return before + words + asked[target.end :]


def _whole_name(new: str) -> Mention | None:
    """Return what a fragment names, where it is nothing but a name."""
    offices = find_offices(new)
    if offices and offices[0].text == new.strip():
        return offices[0]
    for found in (find_places(new), find_years(new), find_people(new)):
        whole = [m for m in found if m.noun and m.text == _THE.sub("", new.strip())]
        if whole:
            return whole[0]
    return None


def _target(name: Mention, preposition: str | None, asked: str) -> Mention | None:
    if name.kind == "place":
        places = [p for p in find_places(asked) if p.noun]
        if any(p.identity == name.identity for p in places):
            return None
        if preposition:
            behind = re.compile(rf"\b{preposition}\s+(?:the\s+)?$", re.IGNORECASE)
            places = [p for p in places if behind.search(asked[: p.start])]
            return places[0] if len(places) == 1 else None
        return places[0] if places else None
    if name.kind == "year":
        found = find_years(asked)
    else:
        people, offices = find_people(asked), find_offices(asked)
        found = (offices or people) if name.kind == "office" else (people or offices)
    return found[0] if len(found) == 1 else None


def _put_arabic(asked: str, target: Mention, name: str) -> str:
    """Put an Arabic place where another stands, with the clitic that stands before that."""
    start = target.start
    while start and asked[start - 1].isalpha():
        start -= 1
    return asked[:start] + attach(asked[start : target.start], name) + asked[target.end :]


# -------------------------------------------------------------- question words
def _ask_otherwise(bare: re.Match[str], asked: str) -> str | None:
    """Ask the last question with another question word, where its form allows."""
    if bare["arabic"]:
        arabic = _ASKED_ARABIC.match(asked)
        if arabic is None or arabic["wh"] == bare["arabic"]:
            return None
        return f"{bare['arabic']} {arabic['rest']}"
    before = _ASKED.match(asked)
    if before is None or before["wh"].lower() == bare["word"].lower():
        return None
    rest, auxiliary = before["rest"], before["auxiliary"].lower()
    words = rest.split()
    if auxiliary not in ("did", "does", "do"):
        if _PARTICIPLE.match(words[0]) or not any(map(_PARTICIPLE.match, words[1:])):
            return None  # its question word was the subject, or it has no verb to ask about
    if before["wh"].lower() in ("what", "who", "whom", "which"):
        rest = _STRANDED.sub("", rest)
    return f"{bare['word'].capitalize()} {auxiliary} {rest}?"


def _placed(question: str, asked: str) -> str:
    """Put what the last question counts, and where or when, into one that has neither.

    "How many were injured?" after "How many people died in the floods?" is how many people
    were injured in the floods. Joined to it, the last question would be answered again.
    """
    counted = _HOW_MANY.match(asked)
    if counted and not _HOW_MANY_BARE.match(asked):
        question = _HOW_MANY_BARE.sub(f"How many {counted['noun']}", question)
    stands = _CIRCUMSTANCE.search(question) or _EVENT.search(question)
    if not stands and (where := _circumstance(asked)):
        question = f"{question.rstrip(' ?!.')} {where}?"
    return _capitalised(question)


def _circumstance(asked: str) -> str | None:
    """Return where or when a question is about: "in Sudan", "in the fire in Mahalla"."""
    event, where = _EVENT.search(asked), _CIRCUMSTANCE.search(asked)
    if event and not _NO_EVENT.match(event["before"]):
        return f"in {event['event']}"
    return where.group() if where else None


# -------------------------------------------------------------------- pronouns
def _refer(question: str, asked: str, answered: str) -> str | None:
    """Put names for the pronouns of an English question.

    Returns:
        The question; "" where it leans on the last one and no name fits; None where it
        doesn't lean.
    """
    people, places = find_people(question), find_places(question)
    named = [*people, *find_offices(question)]
    he = _HE.search(question)
    if he and _early(he, question) and all(m.start > he.start() for m in named):
        name = _person_meant(question, asked, answered)
        if name is None:
            return ""
        words = f"{name} is" if he["be"] else f"{name}'s" if he["whose"] else name
        return _capitalised(question[: he.start()] + words + question[he.end() :])
    if (there := _THERE.search(question)) and not places:
        place = _place_meant(asked, answered)
        if place is None:
            return ""
        words = (there["behind"] or "in ") + place
        return _capitalised(question[: there.start()] + words + question[there.end() :])
    if people or places:
        return None
    leans = _LEANS.search(question)
    if leans and _early(leans, question):
        return ""
    return "" if len(question.split()) <= _SHORT else None


def _refer_arabic(question: str, asked: str, answered: str) -> str | None:
    """Put names for the pronouns of an Arabic question; see `_refer`."""
    if _WHO_ARABIC.match(question):
        name = _person_meant("who is", asked, answered)
        return f"{question.rstrip('؟? ')} {name}؟" if name else ""
    if find_places(question):
        return None
    leans = _LEANS_ARABIC.search(question)
    if leans is None or not _early(leans, question):
        return "" if len(question.split()) <= _SHORT else None
    if here := _HERE_ARABIC.search(question):
        place = _place_meant(asked, answered)
        return f"{question[: here.start()]}في {place}{question[here.end() :]}" if place else ""
    if him := _OF_HIM.search(question):
        wanted = find_places(asked) if him["before"] == "في" else find_people(asked)
        if len(wanted) == 1 and len(find_places(asked) + find_people(asked)) == 1:
            before = him["before"] if him["before"] == "ل" else f"{him['before']} "
            words = attach(before, wanted[0].text)
            return question[: him.start()] + words + question[him.end() :]
    return ""


def _early(pronoun: re.Match[str], question: str) -> bool:
    """Tell whether a pronoun can only point back: later in a long question it points inside."""
    before = len(question[: pronoun.start()].split())
    return before < _EARLY or len(question.split()) <= _BRIEF


def _person_meant(question: str, asked: str, answered: str) -> str | None:
    """Return the one person of the last question, else its office, else the answer's first.

    Who asks who somebody is means a name that the answer brought up, rather than an office.
    """
    people, offices = find_people(asked), find_offices(asked)
    if people:
        return people[0].text if len(people) == 1 else None
    named = find_people(answered)
    if named and (_WHO_IS.match(question) or not offices):
        return named[0].text
    return offices[0].text if len(offices) == 1 else None


def _place_meant(asked: str, answered: str) -> str | None:
    for places in (find_places(asked)[::-1], find_places(answered)):
        nouns = [p.text for p in places if p.noun]
        if nouns:
            return nouns[0]
    return None


def _capitalised(question: str) -> str:
    return question[:1].upper() + question[1:]
