"""What a user is told when a chat model's server fails: over HTTP, as a user would connect it."""

import time
from collections.abc import Callable

import pytest

from assistant.answers import Answered, SentenceDone
from assistant.app import App, get_chat_model
from assistant.assistant import final_answer
from assistant.cli import main
from assistant.errors import ModelError
from assistant.history import Turn
from assistant.settings import load_settings
from assistant.translation import Source, get_translator
from assistant.writers.failures import LONGEST_WAIT, RETRY_WAITS
from assistant.writers.streaming import LONGEST_REPLY
from tests.model_server import (
    QUESTION,
    TRUE,
    Act,
    ModelServer,
    cut_in_chunk,
    end_without_mark,
    fail,
    go_on,
    say,
    send_raw,
    stall,
)

FIRST = "The minister asked her neighbours for help. [1]"

Connect = Callable[..., App]


def seconds(began: float) -> float:
    return time.perf_counter() - began


class TestCutReplies:
    @pytest.mark.parametrize("cut", [cut_in_chunk, end_without_mark])
    def test_a_part_is_never_passed_off_as_the_whole(
        self, connect: Connect, server: ModelServer, n: int, cut: Callable[[str], Act]
    ) -> None:
        server.act(cut(f"{TRUE} [{n}]. She said th"))
        shown = []
        with pytest.raises(ModelError, match=r"cut off \(.*isn't the whole answer; .*ask again"):
            for event in connect().assistant.ask(QUESTION):
                shown.append(type(event))
        assert SentenceDone in shown
        assert Answered not in shown
        assert len(server.prompts) == 1

    def test_the_command_line_tells_it_and_fails(
        self,
        samples: App,
        server: ModelServer,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        server.act(end_without_mark(f"{FIRST} She said th"))
        words = ["ask", QUESTION, "--json", "--writer", "openai:x", "--writer-url", server.url]
        with pytest.raises(SystemExit) as ended:
            main([*words, "--data", str(samples.settings.data)])
        out, err = capsys.readouterr()
        assert (ended.value.code, out) == (1, "")
        assert err.startswith("mujaz: the chat model's reply was cut off")
        assert err.count("\n") == 1

    def test_a_sentence_cut_by_the_server_s_limit_is_left_out(
        self, connect: Connect, server: ModelServer
    ) -> None:
        server.act(say(f"{FIRST} She said th", finish="length"))
        answer = final_answer(connect().assistant.ask(QUESTION))
        assert answer.text == FIRST
        assert answer.dropped_sentences == 1

    def test_nothing_but_half_a_sentence_is_an_error(
        self, connect: Connect, server: ModelServer
    ) -> None:
        server.act(say("The minister asked her neigh", finish="length"))
        with pytest.raises(ModelError, match=r"cut off by its server \('length'\); raise"):
            list(connect().assistant.ask(QUESTION))


class TestEndlessReplies:
    def test_endless_text_is_stopped_and_the_connection_closed(
        self, connect: Connect, server: ModelServer
    ) -> None:
        server.act(go_on(f"{FIRST} "))
        answer = final_answer(connect().assistant.ask(QUESTION))
        assert server.hung_up.wait(10)
        most = LONGEST_REPLY // len(FIRST)
        assert most - 5 <= len(answer.sentences) <= most + 5
        assert answer.dropped_sentences <= 1

    def test_an_endless_sentence_is_an_error(self, connect: Connect, server: ModelServer) -> None:
        server.act(go_on("and the minister asked "))
        with pytest.raises(ModelError, match="more than 6,000 characters and was stopped"):
            list(connect().assistant.ask(QUESTION))
        assert server.hung_up.wait(10)

    def test_a_reader_who_leaves_closes_the_connection(
        self, connect: Connect, server: ModelServer, n: int
    ) -> None:
        server.act(go_on(f"{TRUE} [{n}]. "))
        events = connect().assistant.ask(QUESTION)
        assert any(isinstance(event, SentenceDone) for event in events)
        assert not server.hung_up.is_set()
        events.close()  # type: ignore[attr-defined]
        assert server.hung_up.wait(10)

    def test_an_endless_translation_is_an_error(
        self, connect: Connect, server: ModelServer
    ) -> None:
        app = connect(translator="writer")
        translator = get_translator(app.settings, app.chat_model, app.embedder)
        server.act(go_on("and so on "))
        with pytest.raises(ModelError, match="more than 525 characters"):
            translator.translate(translator.prepare(Source("جملة.", "ar", "")), "ar")
        assert server.hung_up.wait(10)

    def test_an_endless_rewriting_ends_with_its_first_line(
        self, connect: Connect, server: ModelServer
    ) -> None:
        server.act(go_on("What did Libya ask for?\n"), say(FIRST))
        history = [Turn("Who came?", "The minister.")]
        answer = final_answer(connect().assistant.ask("What for?", history))
        assert answer.text == FIRST
        assert "Question: What did Libya ask for?\n" in server.prompts[1]
        assert server.hung_up.wait(10)


class TestErrors:
    @pytest.mark.parametrize(
        ("status", "advice"),
        [
            (400, "check the model's name; .* fewer `passages`"),
            (401, "check the key in 'api_key' .MUJAZ_API_KEY."),
            (403, "check the key in 'api_key' .MUJAZ_API_KEY., and that it may use this model"),
            (404, "check the model's name, and that 'writer_url'"),
        ],
    )
    def test_a_lasting_error_is_told_at_once(
        self, connect: Connect, server: ModelServer, status: int, advice: str
    ) -> None:
        server.act(fail(status, "so it is"))
        with pytest.raises(ModelError, match=rf"{status}.*so it is.*{advice}"):
            list(connect().assistant.ask(QUESTION))
        assert len(server.prompts) == 1

    @pytest.mark.parametrize(
        ("status", "advice"),
        [
            (429, "quota is used up; ask again later"),
            (500, "server is in trouble; ask again later"),
            (503, "server is in trouble; ask again later"),
        ],
    )
    def test_a_storm_is_given_up_soon(
        self, connect: Connect, server: ModelServer, status: int, advice: str
    ) -> None:
        server.act(fail(status))
        app = connect()
        app.assistant.load()
        with pytest.raises(ModelError, match=rf"{status}.*{advice}"):
            list(app.assistant.ask(QUESTION))
        assert len(server.prompts) == 1 + len(RETRY_WAITS)
        assert server.asked_at[-1] - server.asked_at[0] < sum(RETRY_WAITS) + 1.5

    def test_a_passing_error_passes(self, connect: Connect, server: ModelServer) -> None:
        server.act(fail(503), fail(429, Retry_After="0.1"), say(FIRST))
        assert final_answer(connect().assistant.ask(QUESTION)).text == FIRST

    def test_retry_after_is_kept_to(self, connect: Connect, server: ModelServer) -> None:
        server.act(fail(429, Retry_After="2"), say(FIRST))
        assert final_answer(connect().assistant.ask(QUESTION)).text == FIRST
        assert server.asked_at[1] - server.asked_at[0] >= 2

    def test_a_long_retry_after_is_told_instead(
        self, connect: Connect, server: ModelServer
    ) -> None:
        server.act(fail(429, Retry_After="60"))
        began = time.perf_counter()
        with pytest.raises(ModelError, match="asks to wait 60 seconds; ask again then"):
            list(connect().assistant.ask(QUESTION))
        assert len(server.prompts) == 1
        assert seconds(began) < LONGEST_WAIT

    @pytest.mark.parametrize(
        "stream",
        [
            send_raw(b'data: {"choices": [{"delta": {"content": "The minist\n\n'),
            send_raw(b"data: not JSON at all\n\ndata: [DONE]\n\n"),
            send_raw(b"data: [1, 2]\n\n"),
            send_raw(b"<html><body>Welcome</body></html>", "text/html"),
            send_raw(b"data: [DONE]\n\n"),
            send_raw(b'data: {"error": {"message": "out of memory"}}\n\n'),
        ],
    )
    def test_what_is_no_stream_is_an_error(
        self, connect: Connect, server: ModelServer, stream: Act
    ) -> None:
        server.act(stream)
        with pytest.raises(ModelError, match=r"chat model failed .*check"):
            list(connect().assistant.ask(QUESTION))

    def test_an_empty_translation_is_an_error(self, connect: Connect, server: ModelServer) -> None:
        app = connect(translator="writer")
        server.act(say(" "))
        with pytest.raises(ModelError, match="into nothing"):
            get_translator(app.settings, app.chat_model, app.embedder).translate("جملة.", "ar")


class TestTimeouts:
    @pytest.mark.parametrize("text", [None, "", "The minister asked her "])
    def test_silence_ends_at_the_setting(
        self, connect: Connect, server: ModelServer, text: str | None
    ) -> None:
        server.act(stall(text))
        app = connect(timeout=1)
        app.assistant.load()
        began = time.perf_counter()
        with pytest.raises(ModelError, match="longer than the setting `timeout` allows; raise it"):
            list(app.assistant.ask(QUESTION))
        assert 1 <= seconds(began) < 6
        assert len(server.prompts) == 1

    def test_a_repair_that_times_out_leaves_the_answer(
        self, connect: Connect, server: ModelServer
    ) -> None:
        wrong = "The 500 ministers asked for help. [1]"
        server.act(say(f"{wrong} {wrong} {wrong}"), stall())
        began = time.perf_counter()
        answer = final_answer(connect(timeout=1).assistant.ask(QUESTION))
        assert [s.support for s in answer.sentences] == ["unsupported"] * 3
        assert len(server.prompts) == 2
        assert seconds(began) < 10


def test_ollama_s_client_keeps_to_the_timeout_too() -> None:
    pytest.importorskip("langchain_ollama")
    model = get_chat_model(load_settings(writer="ollama:x", timeout=7))
    assert model is not None
    assert model._client._client.timeout.read == 7  # type: ignore[attr-defined]
