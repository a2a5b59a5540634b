"""Trying a chat model: over HTTP, with a server that does as it is told."""

from __future__ import annotations

import re
import socket
import time

import pytest

from assistant import connection
from assistant.errors import ModelError, SettingsError
from assistant.settings import Settings, load_settings
from tests.model_server import ModelServer, end_without_mark, fail, say, stall


def settings(url: str, **more: object) -> Settings:
    return load_settings(**{"writer": "openai:x", "writer_url": url, **more})


def test_a_model_that_answers_is_named_with_its_time(server: ModelServer) -> None:
    server.act(say("ready"))
    said = connection.test_connection(settings(server.url))
    assert re.fullmatch(r"openai:x answered in \d+\.\d s", said)
    assert len(server.prompts) == 1


def test_one_that_writes_nothing_is_no_connection(server: ModelServer) -> None:
    server.act(say(" "))
    with pytest.raises(ModelError, match="'openai:x' was reached and wrote nothing; try again"):
        connection.test_connection(settings(server.url))


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "check the key"),
        (404, "check the model's name, and that 'writer_url' is where"),
        (500, "its server is in trouble"),
    ],
)
def test_a_refusal_says_what_to_do(server: ModelServer, status: int, remedy: str) -> None:
    server.act(fail(status))
    with pytest.raises(ModelError, match=remedy):
        connection.test_connection(settings(server.url, api_key="some-key"))


def test_a_silent_server_is_waited_for_as_long_as_the_setting_says(server: ModelServer) -> None:
    server.act(stall())
    began = time.perf_counter()
    with pytest.raises(ModelError, match="silent for longer than the setting `timeout`"):
        connection.test_connection(settings(server.url, timeout=0.5))
    assert time.perf_counter() - began < 10


def test_a_server_that_isn_t_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelError, match="no server answers there"):
        connection.test_connection(settings(f"http://127.0.0.1:{port}/v1"))


def test_a_reply_that_is_cut_before_its_first_word_is_no_connection(server: ModelServer) -> None:
    server.act(end_without_mark(" "))
    with pytest.raises(ModelError, match="cut off"):
        connection.test_connection(settings(server.url))


def test_an_unknown_name_or_package_is_named() -> None:
    with pytest.raises(SettingsError, match="unknown writer 'gpt'"):
        connection.test_connection(load_settings(writer="gpt"))
    with pytest.raises(SettingsError, match="pip install langchain-cohere"):
        connection.test_connection(load_settings(writer="cohere:command"))


def test_the_bundled_models_need_none() -> None:
    assert "nothing to connect to" in connection.test_connection(load_settings(writer="bundled"))
