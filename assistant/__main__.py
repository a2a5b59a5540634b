"""`python -m assistant` is `mujaz`."""

from assistant.cli import main

if __name__ == "__main__":
    main()
