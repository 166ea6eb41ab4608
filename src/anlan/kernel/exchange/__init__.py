"""Tables in and out: one declaration of a workbook gives its template, trial run, load, annotated answer and export."""

from anlan.kernel.exchange.spec import Choices, Column, SheetSpec, WorkbookSpec

# The rest is imported from its own module, so that the sandbox's child, which enters this package too, stays light:
# `reading` (open_reading, dry_run, read, columns_batches), `report`, `template`, `annotate`, `export`.
__all__ = ["Choices", "Column", "SheetSpec", "WorkbookSpec"]
