"""How good Mujaz is, measured."""
