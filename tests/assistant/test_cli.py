"""The command line as others call it: exit codes, JSON, batches, one-line errors."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.app import SAMPLES, App
from assistant.cli import build_parser, main
from assistant.settings import Settings

ANSWER_KEYS = {
    "question", "standalone", "answer", "language", "refused", "reason", "sentences", "citations",
    "dropped_citations", "dropped_sentences", "coverage", "disagreements", "model", "timings_ms",
}  # fmt: skip
CITATION_KEYS = {
    "n", "article_id", "title", "source", "language", "start", "end", "quote", "translation",
}  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, cache: Path, samples: App
) -> Run:
    """Run a command on the samples (or on --data), and return its code and what it wrote."""
    monkeypatch.setenv("MUJAZ_CACHE", str(cache))
    monkeypatch.setenv("MUJAZ_DATA", str(samples.settings.data))

    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def loaded(out: str) -> Any:  # noqa: ANN401
    return json.loads(out)


def test_an_answer_has_the_contract_s_form(run: Run) -> None:
    question = "What did Libya's foreign minister ask Morocco for?"
    code, out, _ = run("ask", question, "--json")
    answer = loaded(out)
    assert code == 0
    assert answer.keys() == ANSWER_KEYS
    assert answer["question"] == question
    assert (answer["language"], answer["refused"], answer["reason"]) == ("en", False, None)
    assert answer["model"].keys() == {"writer", "translator", "embedder", "prompts"}
    assert all(len(sha) == 64 for sha in answer["model"]["prompts"].values())
    assert answer["timings_ms"].keys() == {"retrieve", "write", "verify"}
    for sentence in answer["sentences"]:
        assert sentence["support"] in ("supported", "partial", "unsupported", "unchecked")
        assert sentence["checks"].keys() == {"numbers", "names", "negation"}
        assert set(sentence["checks"].values()) <= {"ok", "mismatch", "n/a"}
    for citation in answer["citations"]:
        assert citation.keys() >= CITATION_KEYS
        article = loaded(run("show", citation["article_id"], "--json")[1])
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_batch_answers_in_order_with_ids(run: Run, tmp_path: Path) -> None:
    rows = [{"id": 7, "text": "What is the population of Iceland?"}, {"id": "b", "text": " "}]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = run("ask", "--batch", str(tmp_path / "questions.jsonl"))
    first, second = map(json.loads, out.splitlines())
    assert code == 1
    assert (first["id"], first["refused"]) == (7, True)
    assert first.keys() == ANSWER_KEYS | {"id"}
    assert second == {"id": "b", "error": second["error"]}
    assert "empty" in second["error"]


def test_search_in_a_batch(run: Run) -> None:
    row = json.dumps({"id": "q1", "text": "Who is Mohamed Benhammou?"})
    code, out, _ = run("search", "--batch", "-", "--limit", "2", stdin=row + "\n\n")
    (line,) = out.splitlines()
    result = json.loads(line)
    assert code == 0
    assert result["id"] == "q1"
    assert len(result["hits"]) == 2
    keys = {"article_id", "source", "passage_id", "score", "text"}
    assert all(hit.keys() >= keys for hit in result["hits"])
    assert "بنحمو" in result["hits"][0]["text"]


def test_verify_and_its_batch(run: Run) -> None:
    row = {"id": 1, "text": "He met 12 people.", "source": "التقى 11 شخصا."}
    code, out, _ = run("verify", "--batch", "-", stdin=json.dumps(row))
    result = json.loads(out)
    assert code == 0
    assert (result["id"], result["support"]) == (1, "unsupported")
    assert result["checks"]["numbers"] == "mismatch"
    code, out, _ = run("verify", row["text"], row["source"])
    assert out.splitlines()[0] == "unsupported"


def test_translate_from_standard_input_and_in_a_batch(run: Run) -> None:
    text = "يلعب المغرب أدوارا طلائعية في مكافحة الإرهاب."
    code, out, _ = run("translate", "-", "--json", stdin=text)
    assert code == 0
    assert "Morocco" in loaded(out)["translation"]
    row = json.dumps({"id": 3, "text": text})
    code, batch, _ = run("translate", "--batch", "-", stdin=row)
    assert json.loads(batch) == {"id": 3, "translation": loaded(out)["translation"]}


def test_an_answer_is_exported_as_well_as_printed(run: Run, tmp_path: Path) -> None:
    question = "What did Libya's foreign minister ask Morocco for?"
    file = tmp_path / "answer.json"
    code, out, _ = run("ask", question, "--json", "--export", str(file))
    (row,) = json.loads(file.read_text("utf-8"))["answers"]
    answer = loaded(out)
    assert code == 0
    assert (row["question"], row["sentences"]) == (question, answer["sentences"])
    assert [c["quote"] for c in row["citations"]] == [c["quote"] for c in answer["citations"]]
    assert {c["direction"] for c in row["citations"]} == {"rtl"}


def test_a_translation_is_exported(run: Run, tmp_path: Path) -> None:
    text = "يلعب المغرب أدوارا طلائعية في مكافحة الإرهاب."
    (tmp_path / "a.txt").write_text(f"المغرب\n\n{text}", "utf-8")
    data = ("--data", str(tmp_path / "data"))
    file = tmp_path / "translation.md"
    code, out, _ = run("translate", str(tmp_path / "a.txt"), "--export", str(file), *data)
    exported = file.read_text("utf-8")
    assert code == 0
    assert f'<div dir="rtl" lang="ar">{text}</div>' in exported
    assert f"{out.splitlines()[-1]} [[2]](#q1-2)" in exported
    assert str(tmp_path) not in exported


def test_general_options_stand_before_or_after_the_command(run: Run, tmp_path: Path) -> None:
    for arguments in (("--data", str(tmp_path), "articles"), ("articles", "--data", str(tmp_path))):
        code, out, _ = run(*arguments)
        assert (code, out.splitlines()[0][:15]) == (0, "No articles yet")
    assert loaded(run("--json", "articles")[1]) == loaded(run("articles", "--json")[1])


def test_a_collection_from_start_to_end(run: Run, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"), "--json")
    code, out, _ = run("ingest", str(SAMPLES), *data)
    report = loaded(out)
    assert (code, len(report["added"]), report["unchanged"]) == (0, 2, [])
    assert sum(map(len, report["cut"].values())) == 6
    assert loaded(run("ingest", str(SAMPLES), *data)[1])["added"] == []
    articles = loaded(run("articles", *data)[1])
    assert {a["language"] for a in articles} == {"ar"}
    removed = loaded(run("remove", articles[0]["id"], *data)[1])["removed"]
    assert [r["article_id"] for r in removed] == [articles[0]["id"]]
    assert len(loaded(run("articles", *data)[1])) == 1
    code, out, _ = run("doctor", *data)
    assert (code, all(f["ok"] for f in loaded(out))) == (0, True)
    assert loaded(run("reindex", *data)[1])["passages"] == 0


def test_standard_input_is_ingested(run: Run, tmp_path: Path) -> None:
    text = "أعلنت الحكومة أن المشروع سينتهي قريبا في المدينة الجديدة."
    code, out, _ = run("ingest", "-", "--data", str(tmp_path), "--json", stdin=text)
    assert (code, loaded(out)["added"][0]["title"]) == (0, text)


def test_a_file_is_summarised_without_asking_for_its_id(run: Run, tmp_path: Path) -> None:
    file = next(SAMPLES.glob("000*"))
    data = ("--data", str(tmp_path), "--json", "--length", "short")
    answer = loaded(run("summarize", str(file), *data)[1])
    assert len(answer["sentences"]) == 3
    again = loaded(run("summarize", answer["citations"][0]["article_id"], *data)[1])
    assert again["answer"] == answer["answer"]


def test_a_digest_and_a_summary_say_how_much_they_cover(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.html"
    code, out, _ = run("digest", "terrorism in the Sahel", "--export", str(kept))
    assert code == 0
    assert out.splitlines()[-1] == "Draws on 2 of the 2 articles found."
    assert all(": " in line for line in out.split("\n\n")[0].splitlines())
    assert "Draws on 2 of the 2 articles found." in kept.read_text("utf-8")
    identity = loaded(run("articles", "--json")[1])[0]["id"]
    _, out, _ = run("summarize", identity, "--length", "short", "--export", str(kept))
    assert out.splitlines()[-1] in kept.read_text("utf-8")
    assert re.fullmatch(r"Draws on 3 of the article's \d+ parts\.", out.splitlines()[-1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "zzz"), "no article with 'zzz'"),
        (("ask",), "give QUESTION, or --batch FILE"),
        (("ask", "x" * 50_000), "50,000 characters, 2,000 are allowed"),
        (("ask", "--batch", "missing.jsonl"), "'missing.jsonl' can't be read"),
        (("ask", "a?", "--writer", "gpt"), "unknown writer 'gpt'"),
        (("ask", "a?", "--embedder", "magic"), "unknown embedder 'magic'"),
        (("summarize", "nowhere.txt"), "no article with 'nowhere.txt'"),
        (("translate",), "give ID|PATH|-"),
        (("ask", "a?", "--batch", "b.jsonl"), "give QUESTION or --batch FILE, not both"),
        (("search", "a", "--batch", "b.jsonl"), "give QUERY or --batch FILE, not both"),
        (("verify", "a", "b", "--batch", "c"), "give ENGLISH and SOURCE or --batch FILE, not both"),
        (("ask", "caf\udce9?"), "isn't UTF-8"),
        (("show", "\x1b[31mred"), "no article with"),
        (("ask", "a?", "--export", "a.pdf"), "end its name in .md, .html, .docx, .json"),
        (("digest", "--export", "nowhere/a.md"), "there is no folder for 'nowhere/a.md'"),
        (("ask", "--batch", "b", "--export", "a.md"), "--export FILE or --batch FILE, not both"),
        (("translate", "-", "--export", "a.md"), "--export needs an article"),
    ],
)
def test_errors_are_one_line_and_say_what_to_do(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("mujaz: ")
    assert err.count("\n") == 1
    assert message in err
    assert len(err) < 1000
    assert "\x1b" not in err


def test_an_early_end_waits_for_what_loads(run: Run) -> None:
    for _ in range(3):  # onnxruntime, cut off as it loads, aborted the process every other time
        command = [sys.executable, "-m", "assistant", "ask", ""]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)


def test_a_text_too_long_for_a_file_s_name_is_a_text(run: Run) -> None:
    arabic = "التقى الوزير أحد عشر شخصا في مدينة الرباط يوم الجمعة. " * 8
    code, out, _ = run("verify", "The minister met them.", arabic)
    assert (code, out.splitlines()[0]) != (1, "")
    code, _, err = run("summarize", arabic)
    assert code == 1 and "no article" in err


def test_files_in_other_encodings_are_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_bytes("التقى الوزير 11 شخصا في الرباط.".encode("cp1256"))
    code, out, _ = run("verify", "He met 11 people.", str(tmp_path / "source.txt"))
    assert (code, out.splitlines()[0]) == (0, "supported")


def test_a_wrong_line_of_a_batch_keeps_its_id(run: Run) -> None:
    code, out, _ = run("ask", "--batch", "-", stdin='{"id": "q7"}')
    assert (code, json.loads(out)["id"]) == (1, "q7")


def test_a_folder_that_can_t_be_one_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    code, _, err = run("articles", "--data", str(tmp_path / "file"))
    assert code == 1 and "can't be a collection's folder" in err


def test_a_name_that_isn_t_text_doesn_t_stop_the_others(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("The mayor of Lima opened a new bridge over the river.")
    with open(bytes(folder) + b"/bad\xff.txt", "w") as file:
        file.write("x")
    code, out, _ = run("ingest", str(folder), "--data", str(tmp_path / "data"), "--json")
    report = json.loads(out)
    assert (code, len(report["added"]), len(report["skipped"])) == (0, 1, 1)
    assert "isn't UTF-8" in report["skipped"][0]["reason"]


def test_a_wrong_setting_names_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUJAZ_PASSAGES", "many")
    code, _, err = run("articles")
    assert code == 1
    assert "passages: Input should be a valid integer" in err
    assert "'many'" in err


@pytest.mark.parametrize("content", [b"data = \n", b"\xff\xfe", b"{}"])
def test_a_settings_file_that_isn_t_toml_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    file = tmp_path / "mujaz.toml"
    file.write_bytes(content)
    monkeypatch.setattr("assistant.settings.FILE", file)
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    code, _, err = run("articles")
    assert (code, err.count("\n")) == (1, 1)
    assert f"{str(file)!r} can't be read as TOML" in err


def test_nothing_that_a_terminal_obeys_is_printed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a\x1b]0;title\x07.jsonl"
    text = "The mayor opened a bridge.\x1b[2J It cost two million."
    rows = [{"text": text, "title": "\x1b[31mred", "outlet": "x\x9b1m"}, {"text": 5}]
    file.write_text("\n".join(map(json.dumps, rows)))
    data = ("--data", str(tmp_path / "data"))
    said = [
        run("ingest", str(file), *data),
        run("articles", *data),
        run("articles", "--json", *data),
    ]
    identity = loaded(said[2][1])[0]["id"]
    said += [run("show", identity, *data), run("search", "bridge", *data)]
    for code, out, err in said:
        assert code == 0
        assert not any(sign < " " and sign != "\n" for sign in out + err)
        assert not any("\x7f" <= sign < "\xa0" for sign in out + err)
    assert "\\u001b]0;title" in said[0][2]
    assert loaded(said[2][1])[0]["source"].startswith(str(file))


def test_secrets_are_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUJAZ_API_KEY", "not-a-real-key")
    _, out, _ = run("config", "--json")
    assert "not-a-real-key" not in out
    assert loaded(out)["api_key"] == "**********"


def test_every_command_of_the_design_is_there() -> None:
    text = build_parser().format_help()
    for command in (
        "ingest articles show remove search ask summarize digest translate verify serve doctor "
        "reindex config feedback"
    ).split():
        assert f"\n    {command} " in text


def test_a_batch_counts_its_blank_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text('\n{"id": "a", "text": "x", "source": "y"}\n\nbad\n')
    code, out, _ = run("verify", "--batch", str(file))
    assert code == 1
    assert "line 4 isn't JSON" in out.splitlines()[-1]
