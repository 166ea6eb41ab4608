"""Figures for Prometheus: for the machine itself and the addresses an operator allows, for nobody else."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from anlan.identity.addresses import client_ip
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import NotFound
from anlan.site.pages.calendar_reach import days_ahead

_FIGURES = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'),
  (SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0) FROM procrastinate_jobs j
     JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'),
  (SELECT coalesce(max(size), 0) FROM kernel_head),
  (SELECT count(*) FROM kernel_pending)
"""


class Waiting(Collector):
    """Asked for at each scrape, from the database: every process answers alike."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with scope.acting(SYSTEM), connection.cursor() as cursor:
                cursor.execute(_FIGURES)
                figures = [float(one) for one in cursor.fetchone()]
                days = float(days_ahead())
        except DatabaseError:
            yield GaugeMetricFamily("anlan_database_up", "Whether the database answers.", value=0.0)
            return
        yield GaugeMetricFamily("anlan_database_up", "Whether the database answers.", value=1.0)
        for (name, words), value in zip(_NAMES, (*figures, days), strict=True):
            yield GaugeMetricFamily(name, words, value=value)

    def describe(self) -> list[GaugeMetricFamily]:
        """Registering asks the database nothing."""
        return []


_NAMES = (
    ("anlan_queue_length", "Jobs that wait."),
    ("anlan_queue_oldest_seconds", "How long the oldest waiting job has waited."),
    ("anlan_ledger_size", "Entries sealed."),
    ("anlan_ledger_pending", "Entries that wait for their seal."),
    ("anlan_calendar_days", "Days until the working-day calendar ends."),
)


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    if not allowed(client_ip(request)):
        raise NotFound
    response: HttpResponse = ExportToDjangoView(request)
    own = CollectorRegistry()
    own.register(Waiting())
    response.content += generate_latest(own)
    return response


def allowed(ip: str | None) -> bool:
    """Loopback, and the networks of ANLAN_METRICS_FROM. A unix socket has no address and is the machine itself."""
    if ip is None:
        return True
    address = ip_address(ip)
    return address.is_loopback or any(address in ip_network(one) for one in settings.ANLAN_METRICS_FROM)
