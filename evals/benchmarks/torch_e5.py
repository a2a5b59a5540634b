"""The bundled weights as an ordinary sentence-transformers folder, for torch.

For the plain-way baseline and for fine-tuning. Needs the extra `sentence-transformers`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.e5 import E5, PASSAGE_PREFIX, QUERY_PREFIX
from vectorstore.e5_weights import Vocabulary, Weights, check_weights, find_weights

# transformers' names within an encoder layer, and the file's.
LAYER_PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}
EMBEDDING_PARTS = {
    "word_embeddings.weight": "emb.word",
    "position_embeddings.weight": "emb.pos",
    "token_type_embeddings.weight": "emb.type",
    "LayerNorm.weight": "emb.ln.w",
    "LayerNorm.bias": "emb.ln.b",
}


def write_sentence_transformer(folder: Path) -> None:
    """Write multilingual-e5-small, dequantised to float32, into a folder (490 MB).

    `SentenceTransformer(str(folder))` and `HuggingFaceEmbeddings(model_name=str(folder))` load
    it with no `trust_remote_code`. Its prompts are `query`, `document` and `passage`.

    Raises:
        ModelFileError: The weights are missing or damaged.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    path = find_weights()
    check_weights(path)
    weights = Weights(path)
    with tempfile.TemporaryDirectory() as temporary:
        _make_encoder(weights).save_pretrained(temporary)
        _make_tokenizer(weights.vocabulary).save_pretrained(temporary)
        encoder = Transformer(temporary, max_seq_length=E5.max_tokens)
        modules: list[Any] = [encoder, Pooling(E5.dimension, "mean"), Normalize()]
        prompts = {"query": QUERY_PREFIX, "document": PASSAGE_PREFIX, "passage": PASSAGE_PREFIX}
        model = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
        model.save_pretrained(str(folder))


def _make_encoder(weights: Weights) -> Any:  # noqa: ANN401 - transformers' types don't help here
    import torch
    from transformers import BertConfig, BertModel

    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.hidden,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=weights.vocabulary.pad,
    )
    # transformers adds BERT's pooler on loading, at random if the file has none; nobody reads it.
    model: Any = BertModel(config)
    state = {
        name: torch.from_numpy(_read_tensor(weights, name, tuple(tensor.shape)))
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(state)
    return model.eval()


def _read_tensor(weights: Weights, name: str, size: tuple[int, ...]) -> NDArray[np.float32]:
    if name.startswith("pooler."):
        return np.zeros(size, np.float32)
    if name.startswith("embeddings."):
        stored = EMBEDDING_PARTS[name.removeprefix("embeddings.")]
    else:
        _, _, layer, part = name.split(".", 3)
        part, _, kind = part.rpartition(".")
        stored = f"l{layer}.{LAYER_PARTS[part]}.{kind[0]}"
    if len(size) == 1 or stored in ("emb.pos", "emb.type"):
        return weights.vector(stored).reshape(size).copy()
    return weights.blocks(stored, size[0]).dequantize()


def _make_tokenizer(vocabulary: Vocabulary) -> Any:  # noqa: ANN401 - transformers' types don't help
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    # The file's table of replacements is NFKC but for these two classes of characters.
    deleted = _character_class(vocabulary, "") + "\\x00"
    spaces = _character_class(vocabulary, " ")
    pieces = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{deleted}]"), ""),
            normalizers.Replace(Regex(f"[{spaces}]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    wrap: Any = PreTrainedTokenizerFast
    return wrap(
        tokenizer_object=tokenizer,
        bos_token=bos,
        eos_token=eos,
        cls_token=bos,
        sep_token=eos,
        unk_token=vocabulary.pieces[vocabulary.unk],
        pad_token=vocabulary.pieces[vocabulary.pad],
        mask_token=vocabulary.pieces[-1],
        model_max_length=E5.max_tokens,
    )


def _character_class(vocabulary: Vocabulary, replacement: str) -> str:
    """Return the characters that become `replacement`, as the inside of a regex's brackets."""
    characters = [code for code, text in vocabulary.replacements.items() if text == replacement]
    return "".join(f"\\x{{{code:X}}}" for code in characters)
