"""Which engine carries out a build, as the settings say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import monotonic
from types import ModuleType

from qianmian.app import tables
from qianmian.app.jobs import Job
from qianmian.app.workspace import Workspace, address_of
from qianmian.core.errors import SettingsError
from qianmian.engines import local
from qianmian.engines.base import Engine
from qianmian.engines.order import Place

#: Imported only if it is asked for: most installations have no Spark.
_SPARK = "qianmian.engines.spark"
#: What Spark's driver says, in the data folder; of the last build only.
SPARK_LOG = "spark.log"


@contextmanager
def opened_engine(workspace: Workspace, job: Job, exchange: Path) -> Iterator[Engine]:
    """The engine that the settings ask for, until the block ends.

    Args:
        workspace: the shop.
        job: told that a cluster is waited for, and asked whether its tasks shall go on.
        exchange: folder of the running build.

    Raises:
        SettingsError: Spark is asked for and not there, or nobody answers at its address.
        JobError: the cluster gives no executor.
    """
    settings, lake = workspace.settings, workspace.lake
    if settings.engine == "local":
        with local.opened(lake, exchange, settings.threads, settings.memory_mib) as engine:
            yield engine
        return
    if not settings.spark_master:
        raise SettingsError("no_cluster_address")
    spark = _spark()
    cluster = spark.Cluster(
        master=settings.spark_master,
        slots=settings.spark_slots,
        threads=settings.spark_slot_threads,
        memory_mib=settings.spark_slot_memory_mib,
        python=settings.spark_python or sys.executable,
        patience_seconds=settings.spark_patience_seconds,
    )
    place = Place(
        lake=str(lake.root.absolute()),
        tables=f"{tables.__name__}:ALL_TABLES",
        exchange=str(exchange.absolute()),
        threads=settings.spark_slot_threads,
        memory_mib=settings.spark_slot_memory_mib,
        store=vars(address) if (address := address_of(settings)) else None,
    )
    job.at("cluster")
    begun = monotonic()
    with spark.opened(cluster, place, workspace.data / SPARK_LOG, job.check) as cluster_engine:
        job.result["seconds"] = {"cluster": round(monotonic() - begun, 3)}
        yield cluster_engine


def _spark() -> ModuleType:
    try:
        return import_module(_SPARK)
    except ModuleNotFoundError as error:
        if error.name not in ("pyspark", "py4j"):
            raise
        raise SettingsError("no_pyspark") from None
