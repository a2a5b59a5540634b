"""The users' file: what is in it, who it lets in, and the command that keeps it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.errors import AssistantError, SettingsError
from assistant.users import Users

PASSWORD = "sahel-river-1"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "users.json")


def test_only_the_right_password_lets_in(users: Users) -> None:
    assert not users.exist()
    users.add("amal", PASSWORD)
    assert users.exist()
    user = users.check("amal", PASSWORD)
    assert user is not None
    assert (user.name, user.admin) == ("amal", False)
    assert users.check("amal", PASSWORD.upper()) is None
    assert users.check("nobody", PASSWORD) is None


def test_the_file_is_its_owner_s_and_holds_no_password(users: Users, tmp_path: Path) -> None:
    users.add("amal", PASSWORD)
    file = tmp_path / "users.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in file.read_text("utf-8")
    assert "$argon2id$" in file.read_text("utf-8")
    assert not list(tmp_path.glob(".users.json.*"))


def test_what_another_process_changed_counts_at_once(users: Users, tmp_path: Path) -> None:
    users.add("amal", PASSWORD)
    other = Users(tmp_path / "users.json")
    other.add("badr", PASSWORD)
    assert [user.name for user in users.all()] == ["amal", "badr"]
    other.remove("amal")
    assert users.check("amal", PASSWORD) is None


def test_a_new_password_ends_the_old_and_an_admin_remains_one(users: Users) -> None:
    assert users.add("amal", PASSWORD, admin=True)
    assert users.check("amal", PASSWORD) is not None
    assert not users.add("amal", "another-password")
    assert users.check("amal", PASSWORD) is None
    assert users.remembered("amal", PASSWORD) is None
    user = users.check("amal", "another-password")
    assert user is not None and user.admin


def test_one_who_was_let_in_is_remembered_with_the_same_password_alone(users: Users) -> None:
    users.add("amal", PASSWORD)
    assert users.remembered("amal", PASSWORD) is None
    users.check("amal", PASSWORD)
    assert users.remembered("amal", PASSWORD) is not None
    assert users.remembered("amal", PASSWORD + "x") is None
    users.remove("amal")
    assert users.remembered("amal", PASSWORD) is None


def test_letters_with_accents_may_come_either_way(users: Users) -> None:
    users.add("rené", "mot-de-passe-été")
    assert users.check("rene\u0301", "mot-de-passe-e\u0301te\u0301") is not None


@pytest.mark.parametrize("name", ["", "a b", "a:b", "x" * 65, "\x1b[31m", "../a"])
def test_a_name_that_can_t_be_one_is_refused(users: Users, name: str) -> None:
    with pytest.raises(AssistantError, match="can't be a user's name; use"):
        users.add(name, PASSWORD)


def test_a_short_password_is_refused(users: Users) -> None:
    with pytest.raises(AssistantError, match="7 characters; give one of at least 8"):
        users.add("amal", "1234567")


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_a_damaged_file_lets_nobody_in(users: Users, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "users.json").write_bytes(content)
    with pytest.raises(SettingsError, match="can't be read"):
        users.exist()


def test_the_command_adds_lists_and_removes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as ended:
            main([*words, "--data", str(tmp_path)])
        return int(ended.value.code or 0), *capsys.readouterr()

    assert "no login is asked for" in run("user", "list")[1]
    assert run("user", "add", "amal", "--admin", stdin=f"{PASSWORD}\n")[0] == 0
    assert "new password" in run("user", "add", "amal", stdin=f"{PASSWORD}!\n")[1]
    assert Users(tmp_path / "users.json").check("amal", f"{PASSWORD}!") is not None
    code, out, _ = run("--json", "user", "list")
    assert json.loads(out) == [{"name": "amal", "admin": True}]
    code, out, err = run("user", "add", "badr")
    assert (code, out) == (1, "") and "at least 8" in err
    assert "No users are left" in run("user", "remove", "amal")[1]
    code, _, err = run("user", "remove", "amal")
    assert code == 1 and "mujaz user list" in err


def test_at_a_terminal_the_password_is_asked_for_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    typed = iter([PASSWORD, PASSWORD + "x"])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(SystemExit):
        main(["user", "add", "amal", "--data", str(tmp_path)])
    assert "the two passwords differ" in capsys.readouterr().err
    assert not Users(tmp_path / "users.json").exist()
