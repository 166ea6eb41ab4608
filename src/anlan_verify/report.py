"""What the verifier can say, in two languages. A code is stable; its words may improve."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ERROR, WARNING, NOTICE = "error", "warning", "notice"

# code: (severity, Chinese, English). Only an error refuses the bundle.
MESSAGES: dict[str, tuple[str, str, str]] = {
    "member.changed": (
        ERROR,
        "{name} 与清单中的摘要不符：导出之后被改动",
        "{name} does not match the manifest: changed after the export",
    ),
    "member.missing": (ERROR, "缺少 {name}", "{name} is missing"),
    "member.unexpected": (
        ERROR,
        "{name} 不在清单之中：导出之后加入",
        "{name} is not in the manifest: added after the export",
    ),
    "member.unreadable": (ERROR, "{name} 无法读取：{why}", "{name} cannot be read: {why}"),
    "manifest.wrong": (
        ERROR,
        "清单所写的 {what} 与内容不符：清单为 {manifest}，内容为 {found}",
        "The manifest is wrong about {what}: it says {manifest}, the contents say {found}",
    ),
    "entry.not_canonical": (
        ERROR,
        "{entry}：不是规范格式，封存时不可能是这样：{why}",
        "{entry}: not in canonical form, so it was never sealed like this: {why}",
    ),
    "entry.malformed": (ERROR, "{entry}：不是台账条目：{why}", "{entry}: not a ledger entry: {why}"),
    "entry.not_in_tree": (
        ERROR,
        "{entry}：内容与封存时不同，或从未封存（内容摘要 {leaf}，封存摘要 {sealed}，序号 {index}）",
        "{entry}: its content differs from what was sealed, or it never was (digest of content {leaf}, sealed {sealed}, index {index})",
    ),
    "entry.unsealed": (
        ERROR,
        "{entry}：没有封存证明。若刚刚发生，请稍后重新导出；否则从未封存",
        "{entry}: there is no proof that it was sealed. If it just happened, export again; otherwise it never was",
    ),
    "entry.gap": (
        ERROR,
        "缺少第 {version} 步的条目：已被删除",
        "The entry of version {version} is missing: it was deleted",
    ),
    "entry.duplicate": (
        ERROR,
        "{entry}：第 {version} 步有多个条目",
        "{entry}: version {version} is there more than once",
    ),
    "entry.prev_mismatch": (
        ERROR,
        "{entry}：所指的前一条目（摘要 {expected}）与实际的前一条目（摘要 {found}）不符",
        "{entry}: it follows an entry with digest {expected}, but the one before it has {found}",
    ),
    "entry.time_backwards": (
        WARNING,
        "{entry}：时间早于前一条目 {seconds} 秒（服务器时钟可能有偏差）",
        "{entry}: {seconds} s earlier than the entry before it (clocks of servers may differ)",
    ),
    "entry.sealed_late": (
        WARNING,
        "{entry}：{at} 的树头尚未包含它，可能为事后补记",
        "{entry}: the head of {at} did not contain it yet; it may have been written afterwards",
    ),
    "entry.foreign_subject": (
        ERROR,
        "{entry}：属于另一记录（{found}）",
        "{entry}: it belongs to another record ({found})",
    ),
    "state.chain_broken": (
        ERROR,
        "{entry}：由状态“{found}”开始，而前一条目到达“{expected}”",
        "{entry}: it starts from state “{found}”, but the entry before it reached “{expected}”",
    ),
    "change.chain_broken": (
        ERROR,
        "{entry}：字段 {field} 变更前为 {found}，而台账中应为 {expected}：其间有未经办理步骤的改动，或缺少条目",
        "{entry}: field {field} was {found} before this change, but {expected} by the ledger: it was edited without a step, or an entry is missing",
    ),
    "record.differs": (
        ERROR,
        "字段 {field}：台账为 {ledger}，数据库记录为 {record}：未经办理步骤而被改动，或缺少条目",
        "Field {field}: the ledger says {ledger}, the record says {record}: it was edited without a step, or an entry is missing",
    ),
    "file.missing": (ERROR, "{entry}：缺少附件 {name}", "{entry}: its file {name} is missing"),
    "file.changed": (
        ERROR,
        "附件 {name} 已被替换：实际摘要为 {found}",
        "The file {name} was replaced: its digest is {found}",
    ),
    "file.unmentioned": (ERROR, "没有条目提到附件 {name}", "No entry mentions the file {name}"),
    "head.signature": (
        ERROR,
        "树头的签名无效：树头被改动或伪造",
        "The signature of the tree head is not valid: the head was changed or forged",
    ),
    "head.key_unknown": (
        ERROR,
        "树头由密钥 {key_id} 签名，它不是可信的密钥（{trusted}）",
        "The tree head is signed with key {key_id}, which is not a trusted one ({trusted})",
    ),
    "head.unpinned": (
        NOTICE,
        "公钥只取自证据包本身。请用 --key 给出从别处取得的公钥，或核对密钥编号 {key_id}",
        "The public key comes from the bundle itself. Give one obtained elsewhere with --key, or compare the key id {key_id}",
    ),
    "witness.none": (
        NOTICE,
        "没有用另行保存的树头核对（--witness）：掌握签名密钥者重写或截断日志，只有据此才能发现",
        "Not compared with heads kept elsewhere (--witness): only these show a log rewritten or cut by a holder of the signing key",
    ),
    "witness.absent": (
        ERROR,
        "另行保存的树头中没有日志 {log} 的树头：无法核对",
        "The heads kept elsewhere contain none of log {log}: nothing to compare with",
    ),
    "witness.unreadable": (
        WARNING,
        "另行保存的树头中有 {count} 行无法读取",
        "{count} lines of the heads kept elsewhere cannot be read",
    ),
    "witness.signature": (
        ERROR,
        "{at} 的见证树头（规模 {size}）签名无效",
        "The witnessed head of {at} (size {size}) has no valid signature",
    ),
    "witness.key_unknown": (
        ERROR,
        "{at} 的见证树头（规模 {size}）由另一密钥 {key_id} 签名",
        "The witnessed head of {at} (size {size}) is signed with another key, {key_id}",
    ),
    "witness.size_behind": (
        ERROR,
        "{at} 时日志已有 {size} 条，证据包的树头只有 {head} 条：日志尾部被截断",
        "At {at} the log had {size} entries, the head of the bundle has only {head}: its tail was cut off",
    ),
    "witness.root_differs": (
        ERROR,
        "{at} 见证的前 {size} 条与证据包的日志不一致：历史被重写",
        "The first {size} entries as witnessed at {at} are not those of the bundle's log: history was rewritten",
    ),
    "witness.inconsistent": (
        ERROR,
        "见证树头互相矛盾：{at}（规模 {size}）与先前的不符",
        "The witnessed heads contradict each other: that of {at} (size {size}) does not follow from those before",
    ),
    "witness.unproved": (
        ERROR,
        "{at} 的见证树头（规模 {size}）没有一致性证明，无法核对：请要求带此规模的证明重新导出",
        "No consistency proof for the head witnessed at {at} (size {size}): ask for an export with a proof for this size",
    ),
    "index.duplicate": (
        ERROR,
        "{entry}：与另一条目同占序号 {index}",
        "{entry}: another entry has the same index {index}",
    ),
    "index.order": (
        ERROR,
        "{entry}：序号 {index} 不在前一条目的序号 {before} 之后：次序被改动",
        "{entry}: its index {index} does not come after that of the entry before, {before}: the order was changed",
    ),
    "leaf.absent": (
        ERROR,
        "文书上的摘要 {leaf} 不属于任何条目",
        "No entry has the digest {leaf} printed on the document",
    ),
    "separation": (
        NOTICE,
        "“{first}”与“{second}”由同一人办理：{person}",
        "“{first}” and “{second}” were taken by the same person: {person}",
    ),
}


@dataclass(frozen=True)
class Finding:
    code: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return MESSAGES[self.code][0]

    def message(self, lang: str) -> str:
        template = MESSAGES[self.code][1 if lang == "zh" else 2]
        return printable(template.format_map(self.detail))


@dataclass(frozen=True)
class Report:
    facts: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        return not any(finding.severity == ERROR for finding in self.findings)

    def codes(self) -> set[str]:
        return {finding.code for finding in self.findings}

    def to_json(self, lang: str) -> dict[str, Any]:
        return {
            "accepted": self.accepted,
            "facts": dict(self.facts),
            "findings": [
                {"code": f.code, "severity": f.severity, "message": f.message(lang), "detail": dict(f.detail)}
                for f in self.findings
            ],
        }


def printable(text: object) -> str:
    """Evidence is written by strangers: it must not steer the terminal that shows it."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(text))
