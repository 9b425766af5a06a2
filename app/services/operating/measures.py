"""What is counted while Gradus runs, in the words of Prometheus."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.domain.errors import Unavailable
from app.services.operating.conditions import Queues, queues
from app.services.operating.transactions import Transactions

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a series began is of no use here

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where several web processes put their numbers together; set before the first of them starts."""


class Measures:
    """Counters of this process (or of all web processes, where they share a folder). Thread-safe."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "gradus_request_seconds",
            "How long requests took.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._saves = Counter(
            "gradus_saves",
            "Saves, by what became of them: saved, kept for the staff, duplicate, refused, or not stored.",
            ("result",),
            registry=self._registry,
        )
        self._duties = Histogram(
            "gradus_duty_seconds",
            "How long duties took; those named grade are gradings.",
            ("duty", "result"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._sandbox = Counter(
            "gradus_sandbox_failures",
            "Sandboxed calls that were killed for time, ran out of memory, or crashed.",
            ("cause",),
            registry=self._registry,
        )
        for result in ("saved", "kept", "duplicate", "refused", "not stored"):
            self._saves.labels(result)
        for cause in ("killed", "memory", "crashed"):
            self._sandbox.labels(cause)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        # What people make up must not become a time series each.
        self._requests.labels(method if method in METHODS else "other", route, str(status)).observe(seconds)

    def save(self, result: str) -> None:
        """A save has been answered."""
        self._saves.labels(result).inc()

    def duty(self, duty: str, result: str, seconds: float) -> None:
        """A duty has been fulfilled, or not."""
        self._duties.labels(duty, result).observe(seconds)

    def sandbox_failure(self, cause: str) -> None:
        """A sandboxed call has failed."""
        self._sandbox.labels(cause).inc()

    def exposition(self, queues: Queues | None, free_bytes: int) -> bytes:
        """Everything as Prometheus reads it; without `queues` the database did not answer."""
        registry = CollectorRegistry()
        if os.environ.get(SHARED):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            registry.register(_State(queues, free_bytes))
            return generate_latest(registry)
        registry.register(_State(queues, free_bytes))
        return generate_latest(self._registry) + generate_latest(registry)


def exposition_of(measures: Measures, transactions: Transactions, grace_seconds: float, var_path: Path) -> bytes:
    """Everything as Prometheus reads it, with what waits and how much space is left where Gradus writes."""
    found: Queues | None = None
    try:
        with transactions.reading() as tx:
            found = queues(tx, grace_seconds)
    except Unavailable:
        pass  # that is a measurement too
    return measures.exposition(found, shutil.disk_usage(var_path).free)


class _State(Collector):
    def __init__(self, queues: Queues | None, free_bytes: int) -> None:
        self._queues = queues
        self._free = free_bytes

    def collect(self) -> Iterable[Metric]:
        yield _gauge("gradus_database_up", "Whether the database answers.", self._queues is not None)
        yield _gauge("gradus_disk_free_bytes", "Free space where Gradus writes.", self._free)
        if self._queues is None:
            return
        waiting = GaugeMetricFamily("gradus_waiting", "How much of what is due has not been done yet.", labels=["what"])
        oldest = GaugeMetricFamily(
            "gradus_oldest_waiting_seconds", "How long the oldest of it has been waiting.", labels=["what"]
        )
        for queue in self._queues.all:
            waiting.add_metric([queue.name], queue.waiting)
            oldest.add_metric([queue.name], queue.oldest_seconds)
        yield waiting
        yield oldest
        yield _gauge(
            "gradus_duties_failing", "Duties that have failed and are being tried again.", self._queues.failing
        )
        yield _gauge("gradus_attempts_open", "Attempts that are being sat.", self._queues.open_attempts)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=float(value))
