"""What lies in every bundle for the expert who opens it without knowing the platform."""

README = """\
证据包（安澜安全生产平台）

一、怎样核验
  需要 Python 3.11 以上。从平台以外的来源取得核验程序，然后运行：
      python -m anlan_verify 证据包.zip --key 公钥.pem --witness 另存树头.jsonl
  返回值：0 为通过，1 为不通过（逐条列出问题所在），2 为文件不可用。
  公钥与另存树头应当从平台运行者以外的地方取得；不给出时，只能证明证据包自身前后一致。

二、里面有什么
  manifest.json        清单：对象、导出时间、每个文件的 SHA-256
  record.json          数据库中记录的当前内容
  entries/NNNN.json    办理台账条目，逐字节为封存时的内容
  entries/NNNN.proof.json  该条目在日志中的位置与包含证明
  head.json            经签名的树头：某一时刻日志的条数与根
  witness.jsonl        导出之前保存在数据库以外的树头
  consistency/N.json   由规模 N 的树头到 head.json 的一致性证明
  files/摘要           照片与文件原件，文件名即其 SHA-256
  key.pem              验证签名用的公钥（Ed25519）

三、手工核对
  原件：sha256sum files/*，结果应与文件名相同。
  条目：一个字节 0x00 接上 entries/NNNN.json 的内容，取 SHA-256，即 proof.json 中的 leaf。
  包含证明与一致性证明的算法见 RFC 6962（RFC 9162 第 2.1 节）。
  签名的内容是 "anlan tree head v1" 加换行，再接 head.json 去掉 signature 一项。

----------------------------------------------------------------------

Evidence bundle (Anlan work-safety platform)

1  How to verify
  You need Python 3.11 or newer. Take the verifier from a source other than the platform's operator, then run:
      python -m anlan_verify BUNDLE.zip --key PUBLIC.pem --witness HEADS.jsonl
  Exit status: 0 accepted, 1 refused (everything wrong is named), 2 not usable.
  The public key and the kept heads should come from someone other than the operator; without them only the
  bundle's agreement with itself is shown.

2  What is inside
  manifest.json        subject, time of export, SHA-256 of every member
  record.json          the record as the database has it now
  entries/NNNN.json    the ledger entries, byte for byte as they were sealed
  entries/NNNN.proof.json  the entry's place in the log, with its inclusion proof
  head.json            the signed tree head: number of entries and root at a moment
  witness.jsonl        heads kept outside the database before the export
  consistency/N.json   proof from the head of size N to head.json
  files/DIGEST         original photos and documents, called by their SHA-256
  key.pem              the public key of the signatures (Ed25519)

3  By hand
  Originals: sha256sum files/* gives the names of the files.
  Entries: SHA-256 over one byte 0x00 followed by entries/NNNN.json is the leaf in proof.json.
  Inclusion and consistency proofs are those of RFC 6962 (RFC 9162, section 2.1).
  Signed is the line "anlan tree head v1" and a newline, then head.json without its member "signature".
"""
