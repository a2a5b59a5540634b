"""What is chosen on the page: between the settings' file and the environment, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.preferences import Preferences
from assistant.settings import Settings, load_settings, propose
from assistant.ui.models import shown

Write = Callable[[str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a writer of the settings' file."""
    file = tmp_path / "mujaz.toml"
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    return lambda text: file.write_text(text) and None


def keep(tmp_path: Path, **changes: object) -> None:
    Preferences(tmp_path / "preferences.json").save(changes)


def test_they_stand_over_the_file_and_under_the_environment_and_flags(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("sentences = 2\npassages = 2\ncandidates = 2")
    assert load_settings(data=tmp_path).sentences == 2
    keep(tmp_path, sentences=4, passages=4, writer="openai:x")
    monkeypatch.setenv("Mujaz_Passages", "5")
    settings = load_settings(data=tmp_path, writer="bundled")
    assert (settings.sentences, settings.passages, settings.candidates) == (4, 5, 2)
    assert settings.writer == "bundled"
    assert settings.locked == {"passages", "writer", "data"}


def test_the_file_is_its_owner_s(tmp_path: Path) -> None:
    keep(tmp_path, api_key="some-key")
    assert (tmp_path / "preferences.json").stat().st_mode & 0o777 == 0o600


def test_none_goes_back_or_is_none(tmp_path: Path, write: Write) -> None:
    write('sentences = 2\nwriter_url = "http://a.example/v1"')
    keep(tmp_path, sentences=4, writer_url="http://b.example/v1")
    assert load_settings(data=tmp_path).writer_url == "http://b.example/v1"
    keep(tmp_path, sentences=None, writer_url=" ")
    settings = load_settings(data=tmp_path)
    assert (settings.sentences, settings.writer_url) == (2, None)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    assert shown(load_settings(data=tmp_path))["api_key"] is False
    keep(tmp_path, api_key="some-key")
    settings = load_settings(data=tmp_path)
    assert shown(settings)["api_key"] is True
    assert "some-key" not in f"{shown(settings)} {settings!r} {settings.shown()}"
    with pytest.raises(SettingsError) as error:
        propose(settings, {"api_key": "two words"})
    assert "two words" not in str(error.value)
    assert "without a space" in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sentences": 99}, "sentences: .*less than or equal to 10, not 99"),
        ({"translator": "magic"}, "translator: .*'bundled' or 'writer'"),
        ({"data": "/"}, "'data' can't be changed from the page; set it in"),
        ({"hosts": "evil.invalid"}, "'hosts' can't be changed from the page"),
        ({"passages": 3}, "'passages' is set by a flag or in the environment"),
        ({"writer_url": "file:///etc/passwd"}, "begins with http:// or https://"),
        ({"writer_url": "gopher://a.example"}, "begins with http:// or https://"),
        ({"writer_url": "http://name:word@a.example"}, "has no user in it"),
        ({"writer_url": "http://a.example /v1"}, "begins with http:// or https://"),
    ],
)
def test_what_can_t_be_chosen_is_named(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    settings = load_settings(data=tmp_path, passages=2)
    with pytest.raises(SettingsError, match=message):
        propose(settings, changes)
    assert not (tmp_path / "preferences.json").exists()


class TestKeys:
    """A key goes to no address that it wasn't given for."""

    NEW = "http://evil.invalid/v1"

    def test_a_new_address_needs_its_own_key(self, tmp_path: Path) -> None:
        keep(tmp_path, writer="openai:x", api_key="some-key")
        settings = load_settings(data=tmp_path)
        with pytest.raises(SettingsError, match="give the key for 'http://evil.invalid/v1'"):
            propose(settings, {"writer_url": self.NEW})
        for key, kept in (("another", True), (None, False), ("", False)):
            proposed = propose(settings, {"writer_url": self.NEW, "api_key": key})
            assert shown(proposed)["api_key"] is kept

    def test_nor_does_one_of_the_file_go_there(self, tmp_path: Path, write: Write) -> None:
        write('api_key = "some-key"')
        settings = load_settings(data=tmp_path)
        with pytest.raises(SettingsError, match="together with the address"):
            propose(settings, {"writer": "openai:x", "writer_url": self.NEW})

    def test_nor_one_of_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MUJAZ_API_KEY", "some-key")
        settings = load_settings(data=tmp_path)
        with pytest.raises(SettingsError, match="set the address there too"):
            propose(settings, {"writer": "openai:x", "writer_url": self.NEW})
        assert propose(settings, {"writer": "openai:x"}).writer == "openai:x"

    def test_nor_one_that_a_provider_s_client_finds_by_itself(self, tmp_path: Path) -> None:
        settings = load_settings(data=tmp_path)
        with pytest.raises(SettingsError, match="give the key"):
            propose(settings, {"writer": "anthropic:x", "writer_url": self.NEW})

    def test_a_server_that_wants_none_needs_none(self, tmp_path: Path) -> None:
        changes = {"writer": "openai:x", "writer_url": "http://127.0.0.1:8080/v1"}
        assert propose(load_settings(data=tmp_path), changes).api_key is None


@pytest.mark.parametrize("content", ["{", json.dumps({"data": "/"}), json.dumps({"sentences": 99})])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "preferences.json").write_text(content)
    with pytest.raises(SettingsError, match=r"preferences\.json"):
        load_settings(data=tmp_path)
