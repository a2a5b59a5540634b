"""A conversation's messages as HTML. Pure functions.

Gradio's sanitiser keeps an element's `id`, `class`, `title`, `href`, `dir` and `lang`, and
drops `data-` and `aria-` attributes: what a button does is in its class, and what it does it
to in the id of the block around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from assistant.answers import (
    Answer,
    Citation,
    Disagreement,
    GivenFigure,
    Sentence,
    lead,
    uncarried,
)
from assistant.conversation import Exchange
from assistant.conversation_store import Rating
from assistant.translation.base_model import MODEL
from assistant.ui.markup import escape, render_facts
from assistant.ui.words import Words
from vectorstore.outlets import outlet_names

FORMATS = (("docx", "Word"), ("md", "Markdown"), ("html", "HTML"), ("json", "JSON"))
_DAY = re.compile(r", \d{1,2} \w+ \d{4}$")
_BUNDLED = f"extractive+{MODEL}+"  # how the bundled writer's name begins
_ABOUT = {"people killed": "about_killed", "people injured": "about_injured"}
_BOUNDS = {"at least": "at_least", "at most": "at_most", "about": "about_number"}
_BADGES = ("partial", "unsupported", "unchecked")


def is_bundled(writer: str) -> bool:
    """Tell whether a writer's name is the bundled one's."""
    return writer.startswith(_BUNDLED)


def render_question(exchange: Exchange, words: Words) -> str:
    """Return the user's message; what was written can be edited, an article's title wasn't."""
    edit = "" if exchange.article_id else _button("edit", words)
    return (
        f'<div class="mj-question" dir="auto">{escape(exchange.heading)}</div>\n\n'
        f'<div class="mj-acts" id="mj-u-{exchange.id}">{edit}</div>'
    )


def render_exchange(
    exchange: Exchange,
    words: Words,
    rating: Rating | None = None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Return the assistant's message: each sentence a block of its own, then where it stands.

    Blocks that don't change keep their place in the page while the answer grows, and with it
    the reader's focus.

    Args:
        exchange: the exchange.
        words: the page's words.
        rating: what the reader thinks of the answer.
        titles: English titles by the original: an article without an outlet goes by its title.
    """
    blocks = _render_notes(exchange, words)
    before: tuple[str, ...] = ()
    for index, sentence in enumerate(exchange.sentences):
        again = sentence.reported_by == before  # who reports it is told once
        led = "" if again else _render_lead(sentence, words, titles or {})
        if index == 1 and _goes_on_to_nearest(exchange):
            told = escape(words["next_nearest"])
            led = f'<span class="mj-note mj-next" dir="{words.direction}">{told}</span>'
        blocks.append(_render_sentence(exchange.id, index, sentence, words, led))
        before = sentence.reported_by
    if exchange.answer is not None:
        blocks += _render_review(exchange, exchange.answer, words, titles or {})
    elif exchange.refusal:
        blocks.append(_render_refusal(exchange.id, (), exchange.refusal, words))
    if exchange.writing:
        blocks.append(f'<div class="mj-sentence" dir="auto">{escape(exchange.writing)}</div>')
    if exchange.doing is not None:
        told = words.fill(f"doing_{exchange.doing.step}", **asdict(exchange.doing))
        blocks.append(f'<div class="mj-status">{escape(told)}</div>')
    for ended in ("stopped", "interrupted"):
        if getattr(exchange, ended):
            blocks.append(f'<div class="mj-status mj-ended">{escape(words[ended])}</div>')
    if exchange.ended:
        blocks.append(_render_acts(exchange, words, rating))
    return "\n\n".join(blocks)


def _goes_on_to_nearest(exchange: Exchange) -> bool:
    """Tell whether what follows the first sentence only lies near the question.

    It does where no model composes: on the development questions the first sentence is right in
    58 of 100, those behind it in 18 (`evals.benchmarks.choices`).
    """
    answer = exchange.answer
    return exchange.kind == "ask" and answer is not None and is_bundled(answer.models.writer)


def _render_notes(exchange: Exchange, words: Words) -> list[str]:
    """Return what a question was limited to, and what a follow-up was taken for."""
    notes = []
    if exchange.scope:
        notes.append(words.fill("scoped", number=len(exchange.scope)))
    if exchange.understood:
        notes.append(words.fill("understood", question=exchange.understood))
    return [f'<div class="mj-note" dir="auto">{escape(note)}</div>' for note in notes]


def render_suggestions(exchange_id: str, questions: Sequence[tuple[str, str]], words: Words) -> str:
    """Return questions to go on with, each with its article's id; "" where there are none."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="mj-do mj-ask" id="mj-o-{exchange_id}-{n}-{article_id}" '
        f'dir="auto">{escape(question)}</button>'
        for n, (question, article_id) in enumerate(questions)
    )
    return (
        f'<div class="mj-suggested" id="mj-q-{exchange_id}">'
        f"<span>{escape(words['try_asking'])}</span>{buttons}</div>"
    )


def render_head(conversation_id: str, title: str, words: Words) -> str:
    """Return a conversation's title with the menu of its exports; "" for an empty one."""
    if not title:
        return ""
    links = "".join(
        f'<a class="mj-export" href="/mujaz/conversations/{conversation_id}/export?format={form}">'
        f"{name}</a>"
        for form, name in FORMATS
    )
    return (
        f'<div class="mj-headline" id="mj-h-{conversation_id}">'
        f'<bdi dir="auto">{escape(title)}</bdi>'
        f'<details class="mj-menu"><summary>{escape(words["export"])}</summary>'
        f"<div>{links}</div></details></div>"
    )


def chip(exchange_id: str, index: int, n: int, words: Words) -> str:
    """Return the mark of a citation after a sentence."""
    return (
        f'<a class="mj-chip" id="mj-k-{exchange_id}-{index}-{n}" href="#mj-c-{exchange_id}-{n}">'
        f'<span class="mj-hidden">{escape(words["source"])} </span>{n}</a>'
    )


def _button(does: str, words: Words, extra: str = "") -> str:
    return f'<button type="button" class="mj-do mj-{does}{extra}">{escape(words[does])}</button>'


def _render_acts(exchange: Exchange, words: Words, rating: Rating | None) -> str:
    """Return what can be done about an answer."""
    answer = exchange.answer
    buttons = [_button("retry", words)]
    if exchange.citations:
        buttons.append(_button("sources", words))
    if answer is not None:
        given = rating.verdict if rating is not None else ""
        buttons += [_button(v, words, " mj-chosen" if v == given else "") for v in _VERDICTS]
    made = _render_making(answer, words) if answer is not None else ""
    why = escape(rating.why) if rating is not None else ""
    noted = escape(words["noted"])
    reason = f'<span class="mj-reason">{noted} <q dir="auto">{why}</q></span>' if why else ""
    return f'<div class="mj-acts" id="mj-a-{exchange.id}">{"".join(buttons)}{made}{reason}</div>'


_VERDICTS = ("right", "wrong")


def _render_making(answer: Answer, words: Words) -> str:
    seconds = {name: f"{ms / 1000:.1f}" for name, ms in answer.timings_ms.items()}
    name = answer.models.writer
    writer = words["bundled_writer"] if is_bundled(name) else name
    text = words.fill("made_by", **seconds, writer=writer)
    return (
        f'<details class="mj-making"><summary>{escape(words["how_made"])}</summary>'
        f'<p dir="auto" title="{escape(name)}">{escape(text)}</p></details>'
    )


def _render_review(
    exchange: Exchange, answer: Answer, words: Words, titles: Mapping[str, str]
) -> list[str]:
    """Return what an answer calls for beside its sentences: a block for each statement."""
    blocks = [_render_disagreement(exchange, d, words, titles) for d in answer.disagreements]
    if answer.coverage is not None:
        left = answer.coverage.of - answer.coverage.covered
        unit = answer.coverage.unit if left else f"all_{answer.coverage.unit}"
        covers = words.fill(f"covers_{unit}", **asdict(answer.coverage), left=left)
        blocks.append(f'<div class="mj-note">{escape(covers)}</div>')
    if answer.refused:
        reason = answer.reason or words["no_answer_why"]
        blocks.append(_render_refusal(exchange.id, answer.citations, reason, words))
    elif answer.dropped_sentences:
        note = words.fill("left_out", what=uncarried(answer.dropped_sentences))
        blocks.append(f'<div class="mj-status mj-ended">{escape(note)}</div>')
    return blocks


def _render_disagreement(
    exchange: Exchange, found: Disagreement, words: Words, titles: Mapping[str, str]
) -> str:
    cited = {citation.n: citation for citation in exchange.citations}
    given = "".join(
        f"<li><strong>{escape(_bounded(figure, words))}</strong> "
        f"{_render_reporter(cited.get(figure.citation), titles)} "
        f'<a class="mj-chip" href="#mj-c-{exchange.id}-{figure.citation}">'
        f'<span class="mj-hidden">{escape(words["source"])} </span>{figure.citation}</a></li>'
        for figure in found.figures
    )
    about = words[_ABOUT[found.about]] if found.about in _ABOUT else found.about
    return (
        f'<div class="mj-disagreement">{escape(words["disagree"])} '
        f'(<bdi dir="auto">{escape(about)}</bdi>):<ul>{given}</ul></div>'
    )


def _bounded(figure: GivenFigure, words: Words) -> str:
    return words.fill(_BOUNDS[figure.bound], number=figure.value) if figure.bound else figure.value


def _render_reporter(citation: Citation | None, titles: Mapping[str, str]) -> str:
    """Return who gives a figure, an outlet or a title, and the day, where that is known."""
    if citation is None:
        return ""
    name, *_ = outlet_names(citation.outlet) or (titles.get(citation.title, citation.title),)
    return f"({render_facts((name, citation.date))})"


def _render_sentence(
    exchange_id: str, index: int, sentence: Sentence, words: Words, led: str
) -> str:
    chips = "".join(chip(exchange_id, index, n, words) for n in sentence.citations)
    return (
        f'<div class="mj-sentence" dir="auto">{led}'
        f"<span>{escape(sentence.text)}</span>&nbsp;{chips}{render_verdict(sentence, words)}</div>"
    )


def _render_lead(sentence: Sentence, words: Words, titles: Mapping[str, str]) -> str:
    """Return who reports a sentence, each name by itself: it may run the other way.

    A title is in English where that is known, with the original to point at.
    """
    if not sentence.reported_by:
        return ""
    text = escape(lead(sentence.reported_by))
    for reporter in sentence.reported_by:
        name = reporter.rpartition(", ")[0] if _DAY.search(reporter) else reporter
        shown = f'<bdi dir="auto">{escape(name)}</bdi>'
        if name in titles:
            original = escape(f"{name} · {words['title_by_machine']}")
            shown = (
                f'<bdi dir="auto" title="{original}">{escape(titles[name])}</bdi> '
                f'<i class="mj-by">({escape(words["title_by_machine"])})</i>'
            )
        text = text.replace(escape(name), shown, 1)
    return f'<span class="mj-lead" dir="ltr">{text}</span>'


def render_verdict(sentence: Sentence, words: Words, opened: bool = False) -> str:
    """Return a sentence's verdict, its reasons on hover and, where there are any, on opening.

    What its source contradicts is told at once: who reads on might take it for true.

    Args:
        sentence: the sentence.
        words: the page's words.
        opened: the reasons are there at once, whatever the verdict.
    """
    if sentence.support == "supported" and not sentence.reasons:
        why = escape(words["supported_why"])
        label = escape(words["supported"])
        return f'<span class="mj-check mj-supported" title="{why}">✓ {label}</span>'
    name = sentence.support if sentence.support in _BADGES else "differs"
    label = words["unsure" if sentence.only_unsure else name]
    reasons = sentence.reasons or (words["unchecked_why"],)
    items = "".join(f'<li dir="auto">{escape(reason)}</li>' for reason in reasons)
    told = opened or sentence.support == "unsupported"
    return (
        f'<details class="mj-check mj-{sentence.support}"{" open" if told else ""}>'
        f'<summary title="{escape("; ".join(reasons))}">{escape(label)}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _render_refusal(
    exchange_id: str, citations: tuple[Citation, ...], reason: str, words: Words
) -> str:
    nearest = ""
    if citations:
        chips = " ".join(chip(exchange_id, 0, c.n, words) for c in citations)
        nearest = f'<p class="mj-nearest">{escape(words["nearest"])} {chips}</p>'
    return (
        f'<div class="mj-refusal"><p><strong>{escape(words["no_answer"])}</strong> '
        f'<span dir="auto">{escape(reason)}</span></p>{nearest}</div>'
    )
