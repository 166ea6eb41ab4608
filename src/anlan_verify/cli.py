"""``anlan-verify bundle.zip``: 0 accepted, 1 refused, 2 not usable."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from anlan_verify.archive import UnusableBundleError
from anlan_verify.heads import HeadError, SignedHead, load_public_keys, parse_lines
from anlan_verify.report import ERROR, NOTICE, WARNING, Report, printable
from anlan_verify.verify import verify_bundle

ACCEPTED, REFUSED, UNUSABLE = 0, 1, 2
MAX_LINE = 64 * 1024

# name: (Chinese, English)
WORDS = {
    "accepted": ("通过：未发现改动", "ACCEPTED: no change found"),
    "refused": ("不通过：共 {count} 处问题", "REFUSED: {count} things are wrong"),
    "unusable": ("文件不可用：{why}", "Not usable: {why}"),
    ERROR: ("错误", "error"),
    WARNING: ("警告", "warning"),
    NOTICE: ("提示", "notice"),
    "subject": ("对象  {type} {id}", "Subject   {type} {id}"),
    "export": ("导出  {exported_at}，{exported_by}", "Exported  {exported_at} by {exported_by}"),
    "contents": (
        "内容  条目 {entries}，附件 {files}，随附见证树头 {witness}",
        "Contents  {entries} entries, {files} files, {witness} witnessed heads",
    ),
    "head": (
        "树头  日志 {log}，{size} 条，{at}，密钥 {key_id}\n      根 {root}",
        "Head      log {log}, {size} entries, {at}, key {key_id}\n          root {root}",
    ),
    "given": (
        "核对  另存树头中本日志 {of_this_log} 个，核对 {compared} 个，导出后 {later} 个",
        "Compared  {compared} of {of_this_log} heads kept elsewhere; {later} are later than the export",
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    lang = options.lang or _language(os.environ)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Chinese still gets its report
    try:
        with ExitStack() as stack:
            report = verify_bundle(
                options.bundle,
                keys=_keys(options.key),
                witness=_witness(options.witness, stack),
                leaves=options.leaf,
            )
    except (UnusableBundleError, HeadError, OSError) as error:
        _print_unusable(str(error), lang=lang, as_json=options.json)
        return UNUSABLE
    if options.json:
        print(json.dumps(report.to_json(lang), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report_lines(report, lang)))
    return ACCEPTED if report.accepted else REFUSED


def report_lines(report: Report, lang: str) -> Iterator[str]:
    facts = report.facts
    yield _word("subject", lang, **facts["subject"])
    yield _word("export", lang, **facts)
    yield _word("contents", lang, **facts)
    if "head" in facts:
        yield from (_word("head", lang, **facts["head"])).split("\n")
    if "witness_given" in facts:
        yield _word("given", lang, **facts["witness_given"])
    yield ""
    for severity in (ERROR, WARNING, NOTICE):
        for finding in report.findings:
            if finding.severity == severity:
                yield f"[{_word(severity, lang)} {finding.code}] {finding.message(lang)}"
    errors = sum(finding.severity == ERROR for finding in report.findings)
    yield _word("refused", lang, count=errors) if errors else _word("accepted", lang)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="anlan-verify",
        description="核验证据包。Verifies an evidence bundle. Exit status: 0 accepted, 1 refused, 2 not usable.",
    )
    parser.add_argument("bundle", type=Path, help="证据包 · the bundle (zip)")
    parser.add_argument(
        "--witness",
        type=Path,
        action="append",
        help="另行保存的树头 · heads kept elsewhere (JSON lines); may be repeated",
    )
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        help="从别处取得的公钥 · public key obtained elsewhere (PEM); may be repeated",
    )
    parser.add_argument(
        "--leaf",
        action="append",
        default=[],
        help="文书上印的条目摘要 · digest of an entry printed on a document; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="以 JSON 输出 · print JSON")
    parser.add_argument("--lang", choices=("zh", "en"), help="语言 · language (default: LANG)")
    return parser


def _language(environ: Any) -> str:
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh" if locale.startswith("zh") else "en"


def _keys(paths: Sequence[Path] | None) -> dict[str, Ed25519PublicKey] | None:
    if not paths:
        return None
    keys: dict[str, Ed25519PublicKey] = {}
    for path in paths:
        keys |= load_public_keys(path.read_bytes())
    return keys


def _witness(paths: Sequence[Path] | None, stack: ExitStack) -> list[Iterator[SignedHead | None]] | None:
    """Streams the files: a log may have a head for every second of years."""
    if not paths:
        return None
    return [parse_lines(_bounded_lines(stack.enter_context(path.open("rb")))) for path in paths]


def _bounded_lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE):
        yield line


def _print_unusable(why: str, *, lang: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"accepted": False, "unusable": why}, ensure_ascii=False, indent=2))
    else:
        print(_word("unusable", lang, why=why), file=sys.stderr)


def _word(name: str, lang: str, **values: Any) -> str:
    return WORDS[name][0 if lang == "zh" else 1].format(**{key: printable(value) for key, value in values.items()})
