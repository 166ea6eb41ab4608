"""What a forger may try on a ledger: each changes the model, as somebody with the database, the code or the key could."""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anlan_verify import canonical, heads, merkle


def pick(model):
    return model.random.choice(model.rows())


def inner(model):
    """An entry with one before it and one after it."""
    return model.random.choice(model.rows()[1:-1])


def payload(model):
    row = pick(model)
    row.rewrite(data={**row.body["data"], "amount_fen": row.body["data"]["amount_fen"] + 1})


def actor(model):
    row = pick(model)
    row.rewrite(actor={**row.body["actor"], "name": "陈某"})


def microsecond(model):
    row = pick(model)
    moment = canonical.parse_timestamp(row.body["at"]) + timedelta(microseconds=model.random.choice((-1, 1)))
    row.rewrite(at=canonical.timestamp(moment))


def signature_digest(model):
    row = next(row for row in model.rows() if row.body["digest"])
    row.rewrite(digest=model.random.randbytes(32).hex())


def spelling(model):
    """The same value in other bytes."""
    row = pick(model)
    row.raw = row.raw.replace(b'"v":1', model.random.choice((b'"v": 1', b'"v":1 ', b'"v":1.0', b'"v":1,"v":1')))


def edit_with_leaf(model):
    """The stored leaf hash is made to fit too."""
    payload(model)
    for row in model.rows():
        row.leaf = merkle.leaf_hash(row.raw)


def edit_with_tree(model):
    """Leaves and nodes are made to fit; the head cannot be signed without the key."""
    genuine = model.tables.heads[-1]
    payload(model)
    model.rebuild()
    model.tables.heads = [genuine]


def edit_with_forged_head(model):
    payload(model)
    model.rebuild(key=Ed25519PrivateKey.generate())


def edit_with_forged_signature(model):
    payload(model)
    genuine = model.tables.heads[-1]
    model.rebuild()
    body = {**vars(model.tables.heads[-1]), "signature": genuine.signature}
    model.tables.heads = [heads.SignedHead(**body)]


def edit_with_key(model):
    """Everything in the database is rewritten and signed: only the heads outside still tell."""
    payload(model)
    model.relink()
    model.rebuild()


def delete(model):
    model.tables.ledger.remove(inner(model))


def delete_with_key(model):
    """Deleted, closed up and sealed anew with the key."""
    model.tables.ledger.remove(model.rows()[-1])
    model.tables.records[model.mine] = {
        name: value for name, value in model.tables.records[model.mine].items() if name != "close_note"
    } | {"state": "rechecked"}
    model.rebuild()


def delete_last(model):
    model.tables.ledger.remove(model.rows()[-1])


def insert_back(model):
    """Deleted, and put back with other content into the same place."""
    row = inner(model)
    row.rewrite(data={"note": "已整改"}, files=[])
    row.leaf = merkle.leaf_hash(row.raw)


def insert_back_at_the_end(model):
    """Deleted, and sealed again as if it had just happened, with its old time."""
    row = inner(model)
    row.rewrite(data={"note": "已整改"})
    row.index = None
    model.idle(days=2)
    model.seal()


def insert_extra(model):
    """A second entry for a version, sealed honestly by the sequencer."""
    row = pick(model)
    body = {**row.body, "data": {"note": "另一说法"}}
    model.tables.ledger.append(type(row)(row.subject, row.version, canonical.dumps(body)))
    model.seal()


def insert_unsealed(model):
    row = model.rows()[-1]
    body = {
        **row.body,
        "version": row.version + 1,
        "step": "look_back",
        "prev": merkle.leaf_hash(row.raw).hex(),
        "changes": {},
        "state": ["closed", "closed"],
    }
    model.tables.ledger.append(type(row)(row.subject, row.version + 1, canonical.dumps(body)))


def tail_cut(model):
    """The end of the log is removed, entries, nodes and heads; the rest is genuine and properly signed."""
    size = model.rows()[-1].index
    model.tables.ledger = [row for row in model.tables.ledger if row.index < size]
    last = model.rows()[-1]
    record = {}
    for row in model.rows():
        record |= {name: new for name, (_, new) in row.body["changes"].items()}
    model.tables.records[model.mine] = record
    assert last.version < 8
    genuine = [head for head in model.tables.heads if head.size <= size]
    model.rebuild()
    if genuine and genuine[-1].size == size:
        model.tables.heads = [genuine[-1]]


def reorder(model):
    """Two entries of the case change places in the log; without the key."""
    one, other = model.random.sample(model.rows(), 2)
    one.index, other.index = other.index, one.index
    genuine = model.tables.heads[-1]
    model.rebuild()
    model.tables.heads = [genuine]


def reorder_with_key(model):
    one, other = model.random.sample(model.rows(), 2)
    one.index, other.index = other.index, one.index
    model.rebuild()


def same_index(model):
    one, other = model.random.sample(model.rows(), 2)
    one.index = other.index


def swap_versions(model):
    """Two entries change their content, keeping their places."""
    one, other = model.random.sample(model.rows(), 2)
    one.raw, other.raw = other.raw, one.raw


def photo_swapped(model):
    digest = pick(model).body["files"][0]
    model.disk[digest] = b"another photo" + model.random.randbytes(5)


def photo_removed(model):
    del model.disk[pick(model).body["files"][0]]


def record_edited(model):
    record = model.tables.records[model.mine]
    name = model.random.choice(sorted(record))
    record[name] = model.random.choice((None, "改动", 99))


def record_field_added(model):
    model.tables.records[model.mine]["fine_fen"] = model.random.randrange(10**6)


def state_edited(model):
    """A bare UPDATE of the state, after which an honest step was taken from it."""
    rows = model.rows()
    row = rows[-1]
    model.tables.ledger.remove(row)
    old = model.random.choice(("graded", "dispatched", "rectifying"))
    body = {**row.body, "state": [old, "closed"], "changes": {**row.body["changes"], "state": [old, "closed"]}}
    model.tables.ledger.append(type(row)(row.subject, row.version, canonical.dumps(body)))
    model.seal()


def entry_of_another_case(model):
    other = next(case for case in model.ids if case != model.mine)
    model.rows(other)[0].subject = model.mine


def back_dated(model):
    """A step sealed today that claims to be from long ago, by someone who drives the sequencer honestly."""
    row = model.rows()[-1]
    model.tables.ledger.remove(row)
    model.idle(days=2)
    model.tables.ledger.append(type(row)(row.subject, row.version, row.raw))
    model.seal()


TAMPERINGS = {
    payload: {"entry.not_in_tree"},
    actor: {"entry.not_in_tree"},
    microsecond: {"entry.not_in_tree"},
    signature_digest: {"entry.not_in_tree"},
    spelling: {"entry.not_in_tree", "entry.not_canonical"},
    edit_with_leaf: {"entry.not_in_tree"},
    edit_with_tree: {"entry.not_in_tree"},
    edit_with_forged_head: {"head.key_unknown"},
    edit_with_forged_signature: {"head.signature"},
    edit_with_key: {"witness.root_differs"},
    delete: {"entry.gap", "entry.prev_mismatch"},
    delete_last: {"record.differs"},
    delete_with_key: {"witness.size_behind"},
    insert_back: {"entry.not_in_tree"},
    insert_back_at_the_end: {"index.order", "entry.sealed_late"},
    insert_extra: {"entry.duplicate"},
    insert_unsealed: {"entry.unsealed"},
    tail_cut: {"witness.size_behind"},
    reorder: {"entry.not_in_tree"},
    reorder_with_key: {"index.order", "witness.root_differs"},
    same_index: {"index.duplicate", "entry.not_in_tree"},
    swap_versions: {"entry.not_in_tree"},
    photo_swapped: {"file.changed"},
    photo_removed: {"file.missing"},
    record_edited: {"record.differs"},
    record_field_added: {"record.differs"},
    state_edited: {"state.chain_broken", "change.chain_broken"},
    entry_of_another_case: {"entry.foreign_subject"},
}
