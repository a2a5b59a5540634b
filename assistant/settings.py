"""Settings, from flags over the environment over preferences over a file over defaults.

The environment is read here alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError
from assistant.preferences import CHANGEABLE, Preferences, merged

FILE = Path(os.environ.get("MUJAZ_CONFIG", platformdirs.user_config_path("mujaz") / "mujaz.toml"))

_KEY = re.compile(r"[!-~]+")
_HOST = re.compile(r"[\w.-]+|\[[\da-fA-F:.]+\]")
_URL = re.compile(r"https?://[^\s@/?#]+([/?#]\S*)?", re.IGNORECASE)


class Settings(BaseSettings):
    """All that can be set; each also as `MUJAZ_NAME` in the environment or in the file."""

    model_config = SettingsConfigDict(
        env_prefix="MUJAZ_", extra="forbid", toml_file=FILE, frozen=True
    )

    data: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("mujaz"),
        description="the collection's folder",
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("mujaz"),
        description="where models are unpacked",
    )
    embedder: str = Field(
        "bundled", description="bundled, sentence-transformers:MODEL, openai:MODEL, ollama:MODEL"
    )
    embedder_url: str | None = Field(None, description="address of the embeddings' server")
    writer: str = Field(
        "bundled", description="bundled, or a chat model: openai:MODEL, anthropic:MODEL, ..."
    )
    writer_url: str | None = Field(None, description="address of an OpenAI-compatible server")
    translator: Literal["bundled", "writer"] = Field(
        "bundled", description="what translates quotes: the bundled model or the chat model"
    )
    api_key: SecretStr | None = Field(None, description="the key for the servers named above")
    chroma_server: str | None = Field(None, description="host:port of a Chroma server")
    collection: str = Field("mujaz", min_length=3, description="the index's name in Chroma")
    passage_tokens: int = Field(200, ge=50, le=400, description="tokens in a passage at most")
    passages: int = Field(6, ge=1, le=20, description="passages that an answer may stand on")
    sentences: int = Field(3, ge=1, le=10, description="sentences in a bundled answer at most")
    candidates: int = Field(
        2, ge=1, le=8, description="translations that the bundled model weighs where it is unsure"
    )
    threads: int | None = Field(None, ge=1, description="processor threads for the models")
    timeout: float = Field(120, gt=0, description="seconds to wait for a chat model")
    allow_private_addresses: bool = Field(
        False, description="fetch articles from this machine and its network too"
    )
    max_file_mb: int = Field(50, ge=1, description="largest file that is read")
    max_upload_mb: int = Field(200, ge=1, description="files uploaded together, at most")
    users: Path | None = Field(None, description="the users' file; users.json with the data")
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="names that the page is served under, beside this machine's own"
    )
    requests_a_minute: int = Field(
        120, ge=0, description="requests that a user or address may make in a minute; 0 is any"
    )

    _flags: dict[str, Any] = PrivateAttr(default_factory=dict)

    @field_validator("api_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _KEY.fullmatch(value.get_secret_value()):
            raise ValueError("a key is letters, digits and signs without a space")
        return value

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not _HOST.fullmatch(name):
                raise ValueError("a host is a name or an address alone, such as mujaz.example.org")
        return tuple(name.lower() for name in value)

    @field_validator("writer_url", "embedder_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not _URL.fullmatch(value):
            raise ValueError("an address begins with http:// or https://, and has no user in it")
        return value

    @property
    def locked(self) -> frozenset[str]:
        """What a flag or the environment has set, so that the page can't change it."""
        return frozenset(self._flags) | {
            n for n in type(self).model_fields if _is_in_environment(n)
        }

    @property
    def preferences_file(self) -> Path:
        """The file of what was changed from the page."""
        return self.data / "preferences.json"

    @property
    def users_file(self) -> Path:
        """The file of those who may use the page."""
        return self.users or self.data / "users.json"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the file under the environment, and leave the other sources out."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def shown(self) -> dict[str, Any]:
        """Return the settings for display, secrets hidden."""
        return self.model_dump(mode="json")


def load_settings(**flags: object) -> Settings:
    """Return the settings; flags that are None count as not given.

    Raises:
        SettingsError: a name or value is wrong, wherever it was set.
    """
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    remedy = f"set them by flag, as MUJAZ_NAME in the environment, or in {str(FILE)!r}"
    settings = _build(given, {}, remedy)
    preferred = Preferences(settings.preferences_file).values()
    if not preferred:
        return settings
    return _build(given, preferred, f"mend {str(settings.preferences_file)!r}, or move it away")


def propose(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """Return the settings as they would be with these preferences changed.

    A key isn't sent to an address that it wasn't given for: whoever may change the address
    would otherwise get at the key, which is shown to nobody.

    Raises:
        SettingsError: a value is wrong, or can't be changed from the page.
    """
    for name in changes:
        if name not in CHANGEABLE:
            raise SettingsError(f"{name!r} can't be changed from the page; set it in {str(FILE)!r}")
        if name in settings.locked:
            raise SettingsError(
                f"{name!r} is set by a flag or in the environment; it can only be changed there"
            )
    preferred = merged(Preferences(settings.preferences_file).values(), changes)
    proposed = _build(settings._flags, preferred, "choose others")
    moved = proposed.writer_url is not None and proposed.writer_url != settings.writer_url
    if moved and "api_key" in settings.locked:
        raise SettingsError(
            "'writer_url' can't be changed from the page while the key is set by a flag or in the "
            "environment, for the key would go there; set the address there too"
        )
    if moved and _lacks_key(proposed, changes):
        raise SettingsError(
            f"give the key for {proposed.writer_url!r} together with the address (an empty one for "
            "none): the one that is set was given for another"
        )
    return proposed


def _lacks_key(proposed: Settings, changes: Mapping[str, object]) -> bool:
    """Tell whether a key would go to a new address that wasn't given with it.

    Other providers' clients look for a key in the environment by themselves.
    """
    if not proposed.writer.startswith(("bundled", "openai:", "ollama:")):
        return not changes.get("api_key")
    return proposed.api_key is not None and "api_key" not in changes


def _build(flags: dict[str, Any], preferred: Mapping[str, object], remedy: str) -> Settings:
    below = {name: v for name, v in preferred.items() if not _is_in_environment(name)}
    try:
        settings = Settings(**{**below, **flags})
    except (TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(
            f"{str(FILE)!r} can't be read as TOML ({error}); mend it, or move it away"
        ) from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}, not {e['input']!r}"
            if e["loc"] != ("api_key",)
            else f"api_key: {e['msg']}"
            for e in error.errors()
        )
        raise SettingsError(f"settings can't be used ({problems}); {remedy}") from error
    settings._flags.update(flags)
    return settings


def _is_in_environment(name: str) -> bool:
    wanted = f"mujaz_{name}"
    return any(variable.lower() == wanted for variable in os.environ)


def prepare_environment() -> None:
    """Set what libraries read from the environment, before any of them is loaded.

    OpenMP threads that spin while they wait take a busy machine's cores from those that work;
    the others keep libraries from calling home.
    """
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
