"""Write an ONNX graph without the package `onnx`: the few protobuf messages it takes.

Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

CONTRIB: Final = "com.microsoft"
IR_VERSION: Final = 8
OPSET: Final = 17
_ELEMENT_TYPES: Final = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7}
_FLOAT, _INT, _INTS = 1, 2, 7

Attribute = float | int | Sequence[int]


class OnnxGraph:
    """Collects nodes and constants; `serialize` returns the model's bytes."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._names = 0

    def constant(self, array: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        name = self._name()
        self._constants.append(
            b"".join(
                [
                    *(_field(1, size) for size in array.shape),
                    _field(2, _ELEMENT_TYPES[array.dtype.name]),
                    _field(8, name.encode()),
                    _field(9, array.astype(array.dtype.newbyteorder("<")).tobytes()),
                ]
            )
        )
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        *,
        output: str = "",
        domain: str = "",
        **attributes: Attribute,
    ) -> str:
        """Add an operator with one output and return that output's name."""
        return self.nodes(operator, inputs, [output or self._name()], domain, **attributes)[0]

    def split(self, value: str, parts: int, axis: int) -> list[str]:
        """Cut a value into equal parts along an axis."""
        return self.nodes("Split", [value], [self._name() for _ in range(parts)], axis=axis)

    def nodes(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: list[str],
        domain: str = "",
        **attributes: Attribute,
    ) -> list[str]:
        """Add an operator with these outputs and return their names."""
        self._nodes.append(
            b"".join(
                [
                    *(_field(1, name.encode()) for name in inputs),
                    *(_field(2, name.encode()) for name in outputs),
                    _field(4, operator.encode()),
                    *(_field(5, _attribute(name, value)) for name, value in attributes.items()),
                    _field(7, domain.encode()),
                ]
            )
        )
        return outputs

    def serialize(
        self, inputs: dict[str, Sequence[str | int]], outputs: dict[str, Sequence[str | int]]
    ) -> bytes:
        """Return the model; inputs and outputs are float32, a dimension is a size or a name."""
        graph = b"".join(
            [
                *(_field(1, node) for node in self._nodes),
                _field(2, b"graph"),
                *(_field(5, constant) for constant in self._constants),
                *(_field(11, _value(name, shape)) for name, shape in inputs.items()),
                *(_field(12, _value(name, shape)) for name, shape in outputs.items()),
            ]
        )
        opsets = [("", OPSET), (CONTRIB, 1)]
        versions = [_field(1, domain.encode()) + _field(2, version) for domain, version in opsets]
        return b"".join(
            [_field(1, IR_VERSION), _field(7, graph), *(_field(8, entry) for entry in versions)]
        )

    def _name(self) -> str:
        self._names += 1
        return f"v{self._names}"


def _varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _field(number: int, value: bytes | int | float) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _attribute(name: str, value: Attribute) -> bytes:
    head = _field(1, name.encode())
    if isinstance(value, int):
        return head + _field(3, value) + _field(20, _INT)
    if isinstance(value, float):
        return head + _field(2, value) + _field(20, _FLOAT)
    return head + b"".join(_field(8, item) for item in value) + _field(20, _INTS)


def _value(name: str, shape: Sequence[str | int]) -> bytes:
    sizes = [_field(2, d.encode()) if isinstance(d, str) else _field(1, d) for d in shape]
    dimensions = b"".join(_field(1, size) for size in sizes)
    element_type = _field(1, _ELEMENT_TYPES[np.dtype(np.float32).name])
    tensor = element_type + _field(2, dimensions)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))
