"""Do a reference's numbers and names come through?"""

from __future__ import annotations

from assistant.quantities import find_number_words, find_numbers
from vectorstore.names import name_candidates, place_mentions, skeleton


def number_recall(answer: str, reference: str) -> float | None:
    """Return the share of the reference's numbers that the answer has; None without numbers.

    Only numbers in the reference's digits are asked for; the answer may write them as words.
    """
    wanted = find_numbers(reference)
    given = find_numbers(answer) | find_number_words(answer)
    return len(wanted & given) / len(wanted) if wanted else None


def name_recall(answer: str, reference: str) -> float | None:
    """Return the share of the reference's names that the answer has; None without names.

    Places are compared by what they are, other names by their consonants, so that Mangoush
    and al-Manqoush are one.
    """
    places, others = place_mentions(reference), _names(reference)
    if not places and not others:
        return None
    given = {skeleton(word) for word in name_candidates(answer)}
    found = len(places & place_mentions(answer)) + len(others & given)
    return found / (len(places) + len(others))


def _names(text: str) -> set[str]:
    """Return the skeletons of a text's names but for the first word of each sentence."""
    found = set()
    for word in name_candidates(text):
        before = text[: text.index(word)].rstrip(" “\"'‘(")
        if before and before[-1] not in ".!?:":
            found.add(skeleton(word))
    return {name for name in found if len(name) > 1}
