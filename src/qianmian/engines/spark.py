"""The engine on a Spark cluster: Spark finds a place for each task and repeats what it loses; it never sees a row."""

from __future__ import annotations

import json
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from py4j.java_gateway import JavaGateway
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway
from pyspark.serializers import MarshalSerializer

from qianmian.core.errors import JobError, SettingsError
from qianmian.engines.base import Buckets, Output, Reading, Task
from qianmian.engines.order import Place, carry_out, introduce, order, read_answer

#: Tasks handed to Spark at a time; it queues what has no place yet.
_AT_ONCE = 256
#: How often a waiting driver asks whether it shall go on.
_PULSE_SECONDS = 0.5
_KNOCK_SECONDS = 5.0
#: Longest part of Spark's own words in an error.
_WORDS = 300
_SCHEME = "spark://"


@dataclass(frozen=True)
class Cluster:
    """The cluster, and what a build asks of it.

    Attributes:
        master: its address, such as ``spark://host:7077``.
        slots: tasks that run side by side, each in an executor of its own.
        threads: processor threads of a slot.
        memory_mib: memory of a slot, beside the executor's own heap.
        python: the interpreter on its machines.
        patience_seconds: how long to wait for a first executor.
    """

    master: str
    slots: int
    threads: int
    memory_mib: int
    python: str
    patience_seconds: float = 300.0

    def conf(self) -> SparkConf:
        """What Spark is told; everything else comes from its own ``spark-defaults.conf``."""
        conf = SparkConf().setMaster(self.master).setAppName("qianmian build")
        ours = {
            "spark.executor.cores": self.threads,
            "spark.task.cpus": self.threads,  # one task an executor: it has the memory to itself
            "spark.cores.max": self.slots * self.threads,
            "spark.executor.instances": self.slots,
            "spark.executor.memoryOverhead": f"{self.memory_mib}m",
            "spark.speculation": "false",
            "spark.ui.enabled": "false",  # it would show the driver to the network, without asking who looks
            "spark.ui.showConsoleProgress": "false",
        }
        if self.master.startswith((f"{_SCHEME}127.", f"{_SCHEME}localhost")):
            ours |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        for name, value in ours.items():
            conf.set(name, str(value))
        return conf


@dataclass(frozen=True)
class SparkEngine:
    """Hands each task to Spark as a job of one task, whose only row is the order and whose only result the answer.

    Of all attempts at a task Spark returns exactly one answer; what the others wrote is named by nobody.

    Attributes:
        context: the driver.
        place: where executors find the lake, and what a task may use.
        pulse: called twice a second while tasks run; what it raises ends them.
        log: where Spark's own words are.
    """

    context: SparkContext
    place: Place
    pulse: Callable[[], None]
    log: Path

    def run(self, task: Task, reading: Reading, buckets: Sequence[Buckets]) -> Iterator[Output]:
        """Run the task once for each of the buckets; outputs in the order of the buckets, as they are done.

        Raises:
            JobError: the cluster lost a task too often, or ended.
            Exception: what the task raised.
        """
        orders = [order(self.place, task, reading, bucket) for bucket in buckets]
        for answer in self.ask(carry_out, orders, task.run.__name__):
            yield read_answer(answer)

    def ask(
        self, function: Callable[[str], str], texts: Sequence[str], name: str, patience: float | None = None
    ) -> Iterator[str]:
        """Have a function of ours answer texts somewhere on the cluster; answers in the order of the texts."""
        group = uuid.uuid4().hex

        def one(text: str) -> str:
            self.context.setJobGroup(group, name, interruptOnCancel=True)
            answers: list[str] = self.context.parallelize([text], 1).map(function).collect()
            return answers[0]

        with ThreadPoolExecutor(min(_AT_ONCE, len(texts))) as threads:
            asked = [threads.submit(one, text) for text in texts]
            try:
                for future in asked:
                    yield self._awaited(future, name, patience)
            finally:
                self._end(asked, group)

    def _awaited(self, future: Future[str], name: str, patience: float | None) -> str:
        waited = 0.0
        while wait([future], _PULSE_SECONDS).not_done:
            self.pulse()
            waited += _PULSE_SECONDS
            if patience is not None and waited > patience:
                raise JobError("no_executor", seconds=f"{patience:g}")
        try:
            return future.result()
        except Py4JError as error:
            raise JobError("task_lost", task=name, words=_words(error), log=self.log.name) from error

    def _end(self, asked: Sequence[Future[str]], group: str) -> None:
        """Take back what still runs; again and again, for a thread may be about to hand over its job."""
        for future in asked:
            future.cancel()
        while wait(asked, 0).not_done:
            self.context.cancelJobGroup(group)
            wait(asked, _PULSE_SECONDS)


def _words(error: Py4JError) -> str:
    """The first line of what Spark said, without the way there."""
    java = getattr(error, "java_exception", None)
    lines = (str(java.getMessage()) if java else str(error)).strip().splitlines() or [""]
    return lines[0].rpartition("most recent failure: ")[2][:_WORDS]


@contextmanager
def opened(cluster: Cluster, place: Place, log: Path, pulse: Callable[[], None]) -> Iterator[SparkEngine]:
    """An engine on a cluster that answers, has this version of us and sees the lake; given back at the end.

    Args:
        cluster: the cluster.
        place: where its machines find the lake.
        log: file for what Spark says; overwritten.
        pulse: called twice a second while tasks run; what it raises ends them.

    Raises:
        SettingsError: nobody answers at the address, or the machines differ from this one.
        JobError: no executor came in time, or this process has a Spark session of its own.
    """
    _knock(cluster.master)
    with _driver(cluster, log) as context:
        engine = SparkEngine(context, place, pulse, log)
        lake = json.dumps(place.store) if place.store else place.lake
        [told] = engine.ask(introduce, [lake], introduce.__name__, cluster.patience_seconds)
        if told != introduce(lake):
            raise SettingsError("machines_differ", there=told, here=introduce(lake))
        yield engine


@contextmanager
def _driver(cluster: Cluster, log: Path) -> Iterator[SparkContext]:
    """Spark's driver, until the block ends; what it prints goes to the log."""
    interrupt = signal.getsignal(signal.SIGINT)
    conf = cluster.conf()
    with log.open("wb") as words, _java(conf, words, log) as gateway:
        try:
            context = SparkContext(conf=conf, gateway=gateway, serializer=MarshalSerializer())
        except ValueError as error:
            raise JobError("other_spark_session") from error
        except Py4JError as error:
            raise JobError("spark_driver_ended", words=_words(error), log=log.name) from error
        context.pythonExec = cluster.python
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupt)  # Spark's own would outlive the driver
        try:
            yield context
        finally:
            with suppress(Py4JError):  # Java may be gone already
                context.stop()


@contextmanager
def _java(conf: SparkConf, words: BinaryIO, log: Path) -> Iterator[JavaGateway]:
    """A Java process of our own: Spark would keep one, its memory and its settings, for the next driver."""
    try:
        gateway = launch_gateway(conf, {"stdout": words, "stderr": words})
    except (PySparkRuntimeError, OSError) as error:
        raise SettingsError("no_spark_driver", log=log.name) from error
    try:
        yield gateway
    finally:
        if SparkContext._gateway is gateway:  # noqa: SLF001  # Spark has no other way to let go of it
            SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
        gateway.shutdown()
        if gateway.proc:  # not if we were started by spark-submit
            gateway.proc.stdin.close()
            gateway.proc.wait()


def _knock(master: str) -> None:
    """Ask early whether a standalone master is there: Spark itself would try for a minute, and say it in Java."""
    if not master.startswith(_SCHEME):
        return
    for address in master.removeprefix(_SCHEME).split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), _KNOCK_SECONDS).close()
        except (OSError, ValueError):
            continue
        return
    raise SettingsError("no_spark_master", master=master)
