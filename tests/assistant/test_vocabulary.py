import struct
from pathlib import Path

import numpy as np

from assistant.translation.vocabulary import cut_vocabulary

# Tokens with their kinds: 3 of dialogue, 6 a byte, 1 of text.
TOKENS = [
    ("<pad>", 3), ("<eos>", 3), ("<bos>", 3), ("<unk>", 3), ("<start_of_turn>", 3),
    ("<0x41>", 6), ("▁hello", 1), ("привет", 1), ("سلام", 1), ("你好", 1), ("\n", 1),
]  # fmt: skip
KEPT = [0, 1, 2, 3, 5, 6, 8, 10]
ROW = 8  # bytes


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def write_model(file: Path) -> None:
    count = len(TOKENS)
    values = [
        text("general.name") + struct.pack("<I", 8) + text("tiny"),
        text("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, count)
        + b"".join(text(token) for token, _ in TOKENS),
        text("tokenizer.ggml.scores") + struct.pack(f"<IIQ{count}f", 9, 6, count, *range(count)),
        text("tokenizer.ggml.token_type")
        + struct.pack(f"<IIQ{count}i", 9, 5, count, *(kind for _, kind in TOKENS)),
    ]
    tensors = (
        text("norm") + struct.pack("<IQIQ", 1, 2, 0, 0),
        text("token_embd.weight") + struct.pack("<IQQIQ", 2, 2, count, 0, 32),
    )
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values)) + b"".join(values)
    head += b"".join(tensors)
    norm = np.array([7, 8], "<f4").tobytes().ljust(32, b"\0")
    rows = b"".join(bytes([i]) * ROW for i in range(count))
    file.write_bytes(head.ljust(-(-len(head) // 32) * 32, b"\0") + norm + rows.ljust(96, b"\0"))


def test_tokens_of_other_scripts_and_of_dialogue_are_left_out(tmp_path: Path) -> None:
    source, target = tmp_path / "a.gguf", tmp_path / "b.gguf"
    write_model(source)
    cut_vocabulary(source, target)
    data = target.read_bytes()
    assert all((text(TOKENS[i][0]) in data) == (i in KEPT) for i in range(len(TOKENS)))
    assert struct.pack(f"<Q{len(KEPT)}f", len(KEPT), *KEPT) in data
    assert struct.pack(f"<Q{len(KEPT)}i", len(KEPT), *(TOKENS[i][1] for i in KEPT)) in data
    shape = struct.pack("<IQQIQ", 2, 2, len(KEPT), 0, 32)
    assert text("token_embd.weight") + shape in data, "the rows' count is told, and their place"
    body = data[-96:]
    assert body[:8] == np.array([7, 8], "<f4").tobytes(), "other tensors stay as they are"
    assert body[32:] == b"".join(bytes([i]) * ROW for i in KEPT), "a row a token"
    assert len(data) % 32 == 0
