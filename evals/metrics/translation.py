"""How good a translation is against a reference, sentence for sentence, by sacreBLEU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.metrics.overlap import chrf_metric


def score_translation(translated: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """Return corpus chrF++ and BLEU (0 to 100) of one document's or a whole set's sentences.

    Raises:
        ValueError: there are more or fewer translations than references.
    """
    _check(translated, references)
    return {
        "chrf++": float(chrf_metric().corpus_score(list(translated), [list(references)]).score),
        "bleu": float(_bleu().corpus_score(list(translated), [list(references)]).score),
    }


def describe_translation(translated: Sequence[str], references: Sequence[str]) -> list[str]:
    """Return each score as a line with sacreBLEU's signature, which says what was computed."""
    lines = []
    for name, metric in (("chrF++", chrf_metric()), ("BLEU", _bleu())):
        score = metric.corpus_score(list(translated), [list(references)]).score
        lines.append(
            f"{name} {score:.1f} over {len(references)} sentences ({metric.get_signature()})"
        )
    return lines


def _check(translated: Sequence[str], references: Sequence[str]) -> None:
    if len(translated) != len(references):
        raise ValueError(f"{len(translated)} translations for {len(references)} references")


def _bleu() -> Any:  # noqa: ANN401 - sacrebleu has few types
    from sacrebleu.metrics.bleu import BLEU

    return BLEU()
