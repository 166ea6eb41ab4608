"""
The child's side of the operator's templates: what a template asks for, and the filled document.

A template is a program, so three walls stand around it: only fields, conditions and loops over given rows pass the reading
of its tree; what passes runs in a sandboxed environment without globals; and all of it happens in the limited child.
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any, BinaryIO

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError, fromstring

from anlan.kernel.papers.opening import opening
from anlan.kernel.papers.wordml import behind_text, element
from anlan.kernel.sandbox_child import Refusal

FILTERS = ("default", "join", "length")
TESTS = ("defined", "none")
LOOP = frozenset({"index", "first", "last", "length"})
SEAL = "\ue5ea"
"""Stands where the seal is to be pressed until the rest is filled; a private character that no text may hold."""
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
_FETCHING = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|RD|MACROBUTTON|ASK|FILLIN)\b",
    re.IGNORECASE,
)
_RAW = re.compile(r"\{\{(?:p|r|tr|tc)\s")
_WIDE = re.compile(r"[{｛]\s*｛|｝\s*[}｝]|｛\s*%|%\s*｝|\{％|％\}")
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


class Checked(DocxTemplate):
    """Where docxtpl is too kind."""

    def fix_tables(self, xml: str) -> Any:
        """It mends what is not well-formed by leaving text out: here that is an error."""
        fromstring(xml.encode())
        return super().fix_tables(xml)

    def render_footnotes(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """It fills them once for every section, so that braces in a value of the first time would be a field of the second."""
        for part in _footnotes(self):
            filled = self.render_xml_part(self.patch_xml(part.blob.decode("utf-8")), part, context, jinja_env)
            fromstring(filled.encode())
            part._blob = filled.encode()  # noqa: SLF001 -- python-docx keeps this part as it came


def environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {name: made.tests[name] for name in TESTS}
    return made


def examine(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], Iterable[bytes]]:
    """
    Params: `fields`, each `keys` (all its names), `columns` (likewise, of a list) and `seal`.

    Value: `used` (name → names of columns), `problems` (each `code` and `near`).
    """
    template = _opened(source)
    reader = _Reader({key for field in params["fields"] if field["columns"] for key in field["keys"]})
    for xml in _sources(template):
        reader.read(xml)
    reader.problems += [{"code": "place", "near": name} for name in _elsewhere(template)]
    if not reader.problems:
        source.seek(0)
        whole = source.read()
        try:
            for full in (True, False):
                _filled(Checked(BytesIO(whole)), _trial(params["fields"], full=full))
        except (XMLSyntaxError, ValueError):
            reader.problems.append({"code": "layout", "near": ""})
        except TemplateError:  # a name nobody knows: the parent says which
            pass
    return {"used": {name: sorted(found) for name, found in reader.used.items()}, "problems": reader.problems[:50]}, ()


def fill(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], Iterable[bytes]]:
    """Params: `values`, `about` (title, author …) and `seal` (`image` in base64, `width` and `down` in millimetres) or None."""
    template = _opened(source)
    reader = _Reader({name for name, value in params["values"].items() if isinstance(value, list)})
    for xml in _sources(template):
        reader.read(xml)
    if reader.problems:
        raise Refusal("paper.template", near=reader.problems[0]["near"])
    try:
        document = _filled(template, params["values"])
    except (TemplateError, XMLSyntaxError, ValueError) as error:
        raise Refusal("paper.template", near=str(error)[:80]) from error
    _press(document, params["seal"])
    for name, text in params["about"].items():
        setattr(document.core_properties, name, text)
    stream = BytesIO()
    document.save(stream)
    return {}, (stream.getvalue(),)


def _opened(source: BinaryIO) -> Checked:
    template = Checked(source)
    with opening():
        template.init_docx()
    for part in template.docx.part.package.iter_parts():
        for relation in part.rels.values():
            if relation.is_external and not relation.reltype.endswith("/hyperlink"):
                raise Refusal("paper.external", name=relation.target_ref[:60])
            if relation.reltype.endswith("/aFChunk"):
                raise Refusal("paper.external", name=str(part.partname))
        if part.content_type.endswith("+xml") and (found := _FETCHING.search(" ".join(_instructions(part.blob)))):
            raise Refusal("paper.active", name=found[1].upper())
    return template


def _instructions(xml: bytes) -> list[str]:
    """What Word's own fields say. A field may be cut into many pieces, so pieces of one part are read together."""
    text = xml.decode("utf-8", "replace")
    pieces = "".join(re.findall(r"<w:instrText[^>]*>([^<]*)<", text))
    return [pieces, *re.findall(r"w:instr=\"([^\"]*)\"", text)]


def _sources(template: Checked) -> Iterator[str]:
    """The XML of every part that is filled."""
    yield template.get_xml()
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part)
    for part in _footnotes(template):
        yield part.blob.decode("utf-8")


def _footnotes(template: DocxTemplate) -> list[Any]:
    return [part for part in template.docx.part.package.iter_parts() if part.content_type.endswith(".footnotes+xml")]


def _elsewhere(template: Checked) -> Iterator[str]:
    """Parts in which fields stand but are not filled."""
    filled = ("document.main+xml", "header+xml", "footer+xml", "footnotes+xml")
    for part in template.docx.part.package.iter_parts():
        if part.content_type.endswith("+xml") and not part.content_type.endswith(filled):
            text = re.sub(rb"<[^>]*>", b"", part.blob)
            if part.partname.startswith("/word/") and re.search(rb"\{\{|\{%", text):
                yield part.partname.rsplit("/", maxsplit=1)[1]


class _Reader:
    """What a template asks for, and what in it is not allowed."""

    def __init__(self, lists: set[str]) -> None:
        self.lists = lists
        self.used: dict[str, set[str]] = {}
        self.problems: list[dict[str, str]] = []
        self._template, self._environment = DocxTemplate(BytesIO()), environment()

    def read(self, xml: str) -> None:
        for paragraph in xml.split("</w:p>"):
            said = re.sub(r"<[^>]*>", "", paragraph)
            for code, pattern in (("raw", _RAW), ("wide", _WIDE)):
                if found := pattern.search(said):
                    self._object(code, said[found.start() :])
        try:
            tree = self._environment.parse(self._template.patch_xml(xml))
        except TemplateSyntaxError as error:
            lines = (error.source or "").splitlines()
            near = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else ""
            self._object("syntax", _around(near) or str(error.message))
            return
        self._look(tree, {})

    def _object(self, code: str, near: str) -> None:
        self.problems.append({"code": code, "near": near.strip()[:60]})

    def _look(self, node: nodes.Node, rows: dict[str, str]) -> None:
        """`rows`: the variables of the loops around the node, each with the list it runs over."""
        match node:
            case nodes.For():
                self._loop(node, rows)
                return
            case nodes.Name():
                self._name(node.name, rows)
                return
            case nodes.Getattr(node=nodes.Name(name=name)) if name in rows:
                self.used[rows[name]].add(node.attr)
                return
            case nodes.Getattr(node=nodes.Name(name="loop")) if rows and node.attr in LOOP:
                return
            case nodes.Filter() if node.name in FILTERS:
                if node.name == "length" and isinstance(node.node, nodes.Name) and node.node.name in self.lists:
                    self.used.setdefault(node.node.name, set())
                    return
            case nodes.Test() if node.name in TESTS:
                pass
            case nodes.TemplateData():
                said = re.sub(r"<[^>]*>", "", node.data)
                if found := re.search(r"\}\}|%\}", said):
                    self._object("syntax", said[max(0, found.start() - 20) : found.end()])
                return
            case _ if isinstance(node, _PLAIN):
                pass
            case _:
                self._object("forbidden", _spelt(node))
                return
        for child in node.iter_child_nodes():
            self._look(child, rows)

    def _name(self, name: str, rows: dict[str, str]) -> None:
        if name in rows:
            self._object("row", name)
        else:
            self.used.setdefault(name, set())
            if name in self.lists:
                self._object("list", name)

    def _loop(self, node: nodes.For, rows: dict[str, str]) -> None:
        if not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name) or node.recursive:
            self._object("forbidden", "for")
            return
        name = node.iter.name
        self.used.setdefault(name, set())
        if name not in self.lists:
            self._object("no_list", name)
        inside = rows | {node.target.name: name}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self._look(child, inside)


def _around(line: str) -> str:
    said = re.sub(r"<[^>]*>", "", line)
    at = max(said.find("{{"), said.find("{%"), 0)
    return said[at:]


def _spelt(node: nodes.Node) -> str:
    """A word for what stands there, so that it can be found."""
    for name in ("name", "attr"):
        if isinstance(found := getattr(node, name, None), str):
            return found
    return type(node).__name__.lower()


def _trial(fields: list[dict[str, Any]], *, full: bool) -> dict[str, Any]:
    """Values to try the template with: everything filled, or nothing."""
    values: dict[str, Any] = {}
    for field in fields:
        row = {name: "甲<&" if full else "" for column in field["columns"] for name in column}
        for name in field["keys"]:
            values[name] = ([row] * 2 if full else []) if field["columns"] else "甲<&\n乙" if full else ""
    return values


def _filled(template: Checked, values: dict[str, Any]) -> Any:
    template.init_docx()
    for name in _PROPERTIES:  # they are templates too, and name whoever drew it
        setattr(template.docx.core_properties, name, "")
    context = {
        name: [SimpleNamespace(**row) for row in value] if isinstance(value, list) else value
        for name, value in values.items()
    }
    template.render(context, jinja_env=environment(), autoescape=True)
    return template.docx


def _press(document: Any, seal: dict[str, Any] | None) -> None:
    """The seal with its middle where its field stood, under the text; without one the place stays empty."""
    for text in list(document.element.body.iter(qn("w:t"))):
        before, mark, after = (text.text or "").partition(SEAL)
        if not mark:
            continue
        text.text = before
        rest = element("w:t")
        rest.text = after.replace(SEAL, "")
        for one in (text, rest):
            one.set(qn("xml:space"), "preserve")
        text.addnext(rest)
        if seal:
            run = Run(text.getparent(), Paragraph(text.getparent().getparent(), document._body))  # noqa: SLF001 -- python-docx finds a picture's part through it
            image = BytesIO(b64decode(seal["image"]))
            behind_text(
                run, image, width=seal["width"], right=-seal["width"] / 2, down=seal["down"], origin="character"
            )
            text.addnext(text.getparent()[-1])  # from the end of the run to its place
