"""One llama.cpp server, run as a script by `engine.py`.

Loading a model holds Python's lock, so it is done in a process that has nothing else to do. It
imports nothing of ours, tells its address in one line, and ends when its standard input does: with
the process that started it, however that ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

_CONTEXT = 1024  # tokens: a sentence's prompt and its translation
_BATCH = 128  # tokens read at a time: more takes memory and gains nothing on a sentence


def main() -> None:
    """Read what to load from the first line of standard input, serve it, and wait for the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it
    wanted = json.loads(sys.stdin.readline())
    try:
        server = _start(wanted["model"], wanted["adapter"], wanted["key"])
        told = {"address": server.listening_address}
    except (ImportError, RuntimeError) as error:
        told = {"error": str(error)}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # destroying a server that has never worked can deadlock


def _start(model: str, adapter: str, key: str) -> Any:  # noqa: ANN401 - xllamacpp has no types
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    # One sentence and one thread an engine: sentences in one batch change one another's
    # rounding, and with it their translations (decision 6), and two threads on one sentence
    # are slower than one, for they wait for each other at every layer.
    parameters.n_parallel = 1
    parameters.n_ctx = _CONTEXT
    parameters.n_batch = parameters.n_ubatch = _BATCH
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.verbosity = -1
    parameters.fit_params = False  # it would read the model twice, to fit it to a GPU
    parameters.cache_ram_mib = 0  # no two sentences have a beginning in common
    # Each server opens a port on loopback: keep others out of it.
    parameters.api_keys = [key]
    parameters.ui = False
    lora = xllamacpp.CommonAdapterLoraInfo()
    lora.path = adapter
    lora.scale = 1.0
    parameters.lora_adapters = [lora]
    return xllamacpp.Server(parameters)


if __name__ == "__main__":
    main()
