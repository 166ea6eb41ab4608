"""Instruments, the organs that issue them, what hangs on them, and the cases of penalty that hold some of them together."""

from anlan.enforcement.models.case import Case
from anlan.enforcement.models.instrument import Instrument
from anlan.enforcement.models.organ import Organ
from anlan.enforcement.models.parts import Answer, Service, Text
from anlan.enforcement.models.publication import Publication
from anlan.enforcement.models.template import Template

__all__ = ["Answer", "Case", "Instrument", "Organ", "Publication", "Service", "Template", "Text"]
