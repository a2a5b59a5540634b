"""Find Chromium for the browser tests, installing Debian's where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core")


def find_browser() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Install Chromium if it isn't there and apt-get may be used; say so if it can't be had."""
    if find_browser() is None and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-yqq", *PACKAGES]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    if find_browser() is None:
        sys.stderr.write("No Chromium: the browser tests will be skipped. Install chromium.\n")


if __name__ == "__main__":
    main()
