"""Bundles taken apart and put together again, and what the verifier says of them."""

import zipfile

from anlan_verify import bundle, canonical
from anlan_verify.archive import UnusableBundleError
from anlan_verify.verify import verify_bundle


def members_of(path):
    with zipfile.ZipFile(path) as source:
        return {info.filename: source.read(info) for info in source.infolist()}


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items() if isinstance(members, dict) else members:
            target.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def with_new_manifest(members):
    """What someone does who changes a bundle and knows the format."""
    manifest = canonical.loads(members["manifest.json"])
    listed = {name: bundle.sha256(data) for name, data in members.items() if name != "manifest.json"}
    return {**members, "manifest.json": bundle.seal_manifest({**manifest, "members": listed})}


def outcome(path):
    """Exit status, and no exception but the one that is meant."""
    try:
        return 0 if verify_bundle(path).accepted else 1
    except UnusableBundleError:
        return 2
