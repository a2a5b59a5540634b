"""The transformer of multilingual-e5-small as an ONNX graph of 8-bit matrix products.

The graph is made anew at each start: that takes a fifth of a second, and leaves no file behind
that could be stale, damaged or half written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vectorstore.e5_weights import Blocks, Weights
from vectorstore.onnx_graph import CONTRIB, OnnxGraph

INPUT: Final = "embeddings"
OUTPUT: Final = "mean"
STATES: Final = "states"

# Weights take 7 bits, not 8: processors with AVX2 but without VNNI add pairs of products in 16
# bits, and 2 * 255 * 64 is the largest multiple that still fits.
WEIGHT_LIMIT: Final = 64
ACTIVATION_LIMIT: Final = 127
ZERO_POINT: Final = 128


def build_model(weights: Weights) -> bytes:
    """Return the serialized graph: (tokens, width) input vectors to hidden states and their mean.

    It reads one text, not a batch: nothing is padded, and a vector can't depend on its
    neighbours. Activations are quantised token by token, which costs 0.001 of cosine against
    float32; with one scale for the whole text it would be 0.004.
    """
    return _Encoder(weights).build()


class _Encoder:
    """Holds what the layers share while the graph is written."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._shape = weights.shape
        self._graph = OnnxGraph()

    def build(self) -> bytes:
        graph, width = self._graph, self._shape.width
        self._one = self._scalar(1, np.float32)
        self._step = self._scalar(1 / ACTIVATION_LIMIT, np.float32)
        self._zero = self._scalar(ZERO_POINT, np.uint8)
        self._first_axis = graph.constant(np.array([0], np.int64))
        self._last_axis = graph.constant(np.array([1], np.int64))
        tokens = graph.node("Shape", [INPUT], start=0, end=1)
        self._zeros = graph.node("Expand", [self._zero, tokens])
        states = self._normalize(INPUT, "emb.ln")
        for layer in range(self._shape.layers):
            states = self._layer(states, f"l{layer}.")
        graph.node("Identity", [states], output=STATES)
        graph.node("ReduceMean", [states], output=OUTPUT, axes=[0], keepdims=0)
        outputs: dict[str, Sequence[str | int]] = {OUTPUT: [width], STATES: ["tokens", width]}
        return graph.serialize({INPUT: ["tokens", width]}, outputs)

    def _layer(self, states: str, name: str) -> str:
        graph, width, hidden = self._graph, self._shape.width, self._shape.hidden
        projections = [f"{name}{part}" for part in "qkv"]
        projected = self._multiply(states, projections, width)
        batch = graph.node("Unsqueeze", [projected, self._first_axis])
        attended = graph.node(
            "MultiHeadAttention",
            [*graph.split(batch, 3, axis=2), self._bias(projections)],
            domain=CONTRIB,
            num_heads=self._shape.heads,
        )
        attended = graph.node("Squeeze", [attended, self._first_axis])
        attended = self._multiply(attended, [f"{name}ao"], width)
        states = self._normalize(self._add(states, attended, f"{name}ao"), f"{name}aln")
        inner = self._multiply(states, [f"{name}fi"], hidden)
        inner = graph.node("BiasGelu", [inner, self._bias([f"{name}fi"])], domain=CONTRIB)
        outer = self._multiply(inner, [f"{name}fo"], width)
        return self._normalize(self._add(states, outer, f"{name}fo"), f"{name}oln")

    def _multiply(self, value: str, names: list[str], rows: int) -> str:
        """Multiply each token's vector, quantised with a scale of its own, by the matrices."""
        graph = self._graph
        matrices = [_quantize(self._weights.blocks(f"{name}.w", rows)) for name in names]
        matrix = np.concatenate([codes for codes, _ in matrices], axis=1)
        steps = np.concatenate([step for _, step in matrices])
        largest = graph.node("ReduceMax", [graph.node("Abs", [value])], axes=[1], keepdims=0)
        scales = graph.node("Mul", [largest, self._step])
        codes = graph.node("QuantizeLinear", [value, scales, self._zeros], axis=0)
        product = graph.node(
            "MatMulIntegerToFloat",
            [codes, graph.constant(matrix), self._one, graph.constant(steps), self._zero],
            domain=CONTRIB,
        )
        return graph.node("Mul", [product, graph.node("Unsqueeze", [scales, self._last_axis])])

    def _add(self, states: str, change: str, name: str) -> str:
        biased = self._graph.node("Add", [change, self._bias([name])])
        return self._graph.node("Add", [states, biased])

    def _normalize(self, value: str, name: str) -> str:
        # Not SkipLayerNormalization, which would add as well: it is four times slower here.
        gain, shift = (
            self._graph.constant(self._weights.vector(f"{name}.{part}")) for part in "wb"
        )
        return self._graph.node(
            "LayerNormalization", [value, gain, shift], axis=-1, epsilon=self._shape.epsilon
        )

    def _bias(self, names: list[str]) -> str:
        parts = [self._weights.vector(f"{name}.b") for name in names]
        return self._graph.constant(np.concatenate(parts))

    def _scalar(self, value: float, kind: type[np.generic]) -> str:
        scalar: NDArray[Any] = np.array(value, kind)
        return self._graph.constant(scalar)


def _quantize(blocks: Blocks) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Turn 4-bit blocks into 7-bit columns: (columns, rows) codes and one step for each row."""
    peaks = np.abs(blocks.scales) * np.abs(blocks.codes).max(axis=2)
    steps = np.maximum(peaks.max(axis=1), np.finfo(np.float32).tiny) / np.float32(WEIGHT_LIMIT)
    scaled = blocks.codes * (blocks.scales / steps[:, None])[..., None]
    codes = np.rint(scaled, out=scaled).astype(np.int8).reshape(len(steps), -1)
    return codes.T, steps
