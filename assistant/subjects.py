"""A pronoun that a translator made up, with the sentence's real subject left hanging.

Arabic puts the verb first: ويعمل في الصيد 25 ألف شخص, "works in fishing 25,000 people". A small
translator that starts with "He works" has nowhere to put them: "He works in fishing 25,000
people." No English sentence has a number of people behind a noun like that, with nothing to
join the two: of the 1,997 reference sentences of NTREX's news, none.
"""

from __future__ import annotations

import re

from assistant.naming import function_words

_NUMBER = (
    r"(?:\d[\d,.]*(?: (?:thousand|million|billion))?|two|three|four|five|six|seven|eight|nine|ten|"
    r"(?:dozens|scores|hundreds|(?:tens of )?thousands|millions) of)"
)
_ABOUT = (
    r"(?:about|around|some|nearly|almost|roughly|approximately|over|up to|at least|at most|"
    r"(?:more|fewer|less) than)"
)
_PEOPLE = (
    r"(?:people|persons|workers|employees|families|men|women|children|students|pupils|soldiers|"
    r"fighters|migrants|refugees|members|officers|inhabitants|residents|citizens|protesters|"
    r"prisoners|fishermen|farmers|experts|players|countries|companies)"
)
_HANGING = re.compile(
    r"^\W*(?:(?:and|but|so) )?(?P<pronoun>he|she|it)\s+[a-z]+\s+"
    r"(?:in|at|on|from|for|within|across|near|inside|through|during|to|into)\s[^,;:.]*?"
    r"\b(?P<before>[A-Za-z][\w’'-]*) "
    rf"(?P<counted>(?:{_ABOUT} )?{_NUMBER} (?:[a-z-]+ )?{_PEOPLE})\b",
    re.IGNORECASE,
)


def made_up_subject(sentence: str) -> tuple[str, str] | None:
    """Return the pronoun that an English sentence begins with, and the people it leaves hanging."""
    found = _HANGING.search(sentence)
    if found is None or found["before"].lower() in function_words():
        return None
    return found["pronoun"], found["counted"]
