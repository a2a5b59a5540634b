"""The whole path with every socket blocked but loopback's: install, and it works."""

import json
import subprocess
import sys
from pathlib import Path

BLOCKED = """
import socket, sys
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
attempts = []
connect, resolve = socket.socket.connect, socket.getaddrinfo

def refuse(self, address, *rest):
    host = address[0] if isinstance(address, tuple) else "unix"
    if host not in LOOPBACK and host != "unix":
        attempts.append(host)
        raise OSError(f"blocked: {host}")
    return connect(self, address, *rest)

def refuse_name(host, *rest, **named):
    name = host.decode() if isinstance(host, bytes) else host
    if name not in LOOPBACK and name is not None:
        attempts.append(name)
        raise OSError(f"blocked: {name}")
    return resolve(host, *rest, **named)

socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse_name

import json
from dataclasses import asdict
from assistant.app import SAMPLES, open_app
from assistant.assistant import final_answer
from assistant.doctor import examine
from assistant.settings import load_settings
from assistant.ui.server import build_server

app = open_app(load_settings(data=sys.argv[1], cache=sys.argv[2]))
report = app.ingestor.ingest([str(SAMPLES)])
answer = final_answer(app.assistant.ask("Who is Mohamed Benhammou?"))
article = min(app.catalog.articles(), key=lambda article: len(article.sentences))
summary = final_answer(app.assistant.summarize(article, "short"))
*_, translated = app.assistant.translate(article)
findings = [asdict(f) for f in examine(app)]
server = build_server(app)
print(json.dumps({
    "attempts": attempts, "added": len(report.added), "answer": answer.to_dict(),
    "summary": len(summary.sentences), "translated": len(translated.sentences),
    "findings": findings, "routes": len(server.routes),
}))
sys.stdout.flush()
"""


def test_nothing_is_asked_of_the_network(tmp_path: Path, cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(tmp_path / "data"), str(cache)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["attempts"] == []
    assert result["added"] == 2
    assert not result["answer"]["refused"]
    assert result["summary"] == 3
    assert result["translated"] > 5
    assert all(finding["ok"] for finding in result["findings"])
    assert result["routes"] > 0
