"""The child's way of opening a Word document: whatever python-docx stumbles over is a document that is damaged."""

from collections.abc import Iterator
from contextlib import contextmanager

from docx.opc.exceptions import OpcError
from lxml.etree import XMLSyntaxError

from anlan.kernel.sandbox_child import Refusal


@contextmanager
def opening() -> Iterator[None]:
    """Around the opening alone: python-docx takes what it opens for whole, and fails in as many ways as a package can be wrong."""
    try:
        yield
    except (OpcError, XMLSyntaxError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Refusal("paper.damaged") from error
