"""Official documents: plain data in, Word and PDF out; the operator's own templates filled; documents from others read."""

# Each is imported from its own module, so that the sandbox's child, which enters this package too, stays light:
# `paper` (Paper and its parts), `word.write`, `pdf.write`, `merge` (Wanted, check, fill), `reading.read`.
