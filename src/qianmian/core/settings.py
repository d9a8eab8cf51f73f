"""A workspace's settings: ``qianmian.toml`` first, then ``QIANMIAN_…`` environment variables over it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from qianmian.core.errors import SettingsError
from qianmian.core.misfits import misfit

FILE_NAME = "qianmian.toml"
#: Settings that nothing shows or writes down.
SECRET = ("database",)
#: An address that may hold a password, under whatever name it was written.
_ADDRESS = re.compile(r"(?<!http)(?<!https)://")


class Settings(BaseSettings):
    """What a workspace is and how its computations run."""

    model_config = SettingsConfigDict(env_prefix="QIANMIAN_", extra="forbid")

    name: str = Field(description="name of the shop, shown on every page")
    time_zone: str = Field("Asia/Shanghai", description="IANA zone that decides what a local date is")
    currency: str = Field("CNY", pattern="^[A-Z]{3}$", description="ISO 4217 code; a workspace has one")
    language: str = Field("zh-CN", pattern="^(zh-CN|en)$", description="language of texts made by the product")
    threads: int = Field(2, ge=1, le=256, description="processor threads of one computation")
    memory_mib: int = Field(3072, ge=256, description="memory that one computation may use, in MiB")
    engine: Literal["local", "spark"] = Field(
        "local", description="who runs a build: `local`, this process, or `spark`"
    )
    spark_master: str = Field("", description="address of the Spark cluster, such as spark://host:7077")
    spark_slots: int = Field(2, ge=1, le=4096, description="tasks of a build that run side by side on the cluster")
    spark_slot_threads: int = Field(1, ge=1, le=256, description="processor threads of each of them")
    spark_slot_memory_mib: int = Field(1024, ge=256, description="memory of each, beside its executor's heap, in MiB")
    spark_python: str = Field("", description="Python on the cluster's machines; empty = where it is on this one")
    spark_patience_seconds: int = Field(300, ge=1, description="how long a build waits for a first executor")
    session_minutes: int = Field(30, ge=1, le=1440, description="silence that ends a session, in minutes")
    most_identifiers: int = Field(20, ge=1, description="a person with more identifiers than this raises an alarm")
    lake: str = Field(
        "",
        pattern="^(s3://[a-z0-9][a-z0-9.-]+/[A-Za-z0-9_./=-]*[A-Za-z0-9_=-])?$",
        description="where the tables are kept, such as s3://bucket/prefix; empty = in this folder",
    )
    lake_endpoint: str = Field(
        "",
        pattern="^(https?://[^/@]+)?$",
        description="URL of the object store, such as https://s3.example; empty = AWS",
    )
    lake_region: str = Field("us-east-1", description="region of the object store")
    lake_copy_mib: int = Field(
        20480, ge=1, description="how large the local copy of an object store's files stays after a job, in MiB"
    )
    pin_hours: int = Field(24, ge=1, le=24, description="longest life of a reader's snapshot, in hours")
    keys_backup: str = Field(
        "",
        description="file of the copy of the keys, on another disk; each erasure writes it anew; empty = none",
    )
    source_events_per_second: int = Field(
        0,
        ge=0,
        description="events a second that a source may send on average, unless it has a limit of its own; 0 = any",
    )
    source_burst_events: int = Field(
        0, ge=0, description="events that a source may send at once after a silence; 0 = ten seconds of its rate"
    )
    source_events_per_day: int = Field(0, ge=0, description="events that a source may send on one local date; 0 = any")
    arriving_mib: int = Field(
        8, ge=5, description="requests of tracking SDKs that are in memory at a time, in MiB; more are turned away"
    )
    folder_root: str = Field(
        "folders",
        description="folder that holds all watched folders; a path that is not absolute is within the workspace",
    )
    look_seconds: int = Field(
        5,
        ge=1,
        le=3600,
        description="seconds between two looks at watched folders; a file that is the same at two of them is finished",
    )
    approval: Literal["none", "second_person"] = Field(
        "none",
        description="whether a sync runs as soon as it is made (`none`), or once another account than its maker's has "
        "approved it (`second_person`)",
    )
    port: int = Field(8321, ge=1, le=65535, description="port of the HTTP API on loopback")
    public_address: str = Field(
        "",
        pattern="^(https://[^/]+)?$",
        description="where a proxy with TLS shows the console, such as https://shop.example; empty = loopback only",
    )
    picture_hosts: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?( [a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?)*)?$",
        description="hosts whose pictures of goods the console loads, over https, with a space between two; "
        "empty = none, for each is told when an operator looks at which item",
    )
    sign_in_idle_hours: int = Field(12, ge=1, le=720, description="silence that signs a browser out, in hours")
    database: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy URL of the PostgreSQL database that holds vault and catalogue, "
        "`postgresql+psycopg://user:password@host/name`; best in the environment; empty = SQLite files",
    )
    database_schema: str = Field(
        "",
        pattern="^([a-z][a-z0-9_]{0,47})?$",
        description="schema of this workspace in that database; `qianmian init` writes it down",
    )
    sign_in_days: int = Field(7, ge=1, le=90, description="age at which a browser is signed out in any case, in days")

    @field_validator("database")
    @classmethod
    def _known_kind(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"(postgresql(\+psycopg)?://.+)?", value.get_secret_value()):
            raise PydanticCustomError("database_address", "no address of a PostgreSQL database")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise PydanticCustomError("time_zone", "unknown time zone")
        return value

    @property
    def slots(self) -> int:
        """Tasks that a build runs side by side."""
        return self.threads if self.engine == "local" else self.spark_slots

    @property
    def slot_memory_mib(self) -> int:
        """Memory of each of these tasks, in MiB."""
        return self.memory_mib // self.threads if self.engine == "local" else self.spark_slot_memory_mib

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, ready to use."""
        return ZoneInfo(self.time_zone)


def shown(name: str, given: object) -> object:
    """What a setting was given, fit for an error: neither a secret nor an address, which may hold one."""
    return "…" if name in SECRET or _ADDRESS.search(str(given)) else given


def write_place(folder: Path, setting: Literal["database_schema", "lake"], place: str) -> None:
    """Write into the settings of a workspace where on a server, or in an object store, it is; empty = in files."""
    file = folder / FILE_NAME
    of_setting = re.compile(rf"\s*{setting}\s*=")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not of_setting.match(line)]
    lines += [f'{setting} = "{place}"'] if place else []
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load_settings(folder: Path) -> Settings:
    """Read the settings of the workspace in a folder.

    Raises:
        SettingsError: a value is missing or wrong; names the setting and the file.
    """
    file = folder / FILE_NAME

    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    try:
        return FromFile()  # type: ignore[call-arg]  # the fields come from the file
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("no_toml", name=file.name, why=str(error), file=str(file)) from None
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "setting_in_file_unfit",
            setting=name,
            name=file.name,
            why=misfit(first),
            given=shown(name, first["input"]),
            file=str(file),
            variable=name.upper(),
        ) from None
