"""The sandbox's merchant account: its numbers and both sides' keys, made once in a folder that both processes read."""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

MCHID, SERIAL = "1900000001", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
V3_KEY = "sandbox-api-v3-key-of-32-letters"
PUBLIC_KEY_ID = "PUB_KEY_ID_0119000000012026010100000000000001"
NOTIFY_URL = "https://sandbox.invalid/api/v1/wechat-pay/notices"
"""Only its path counts here: the sandbox knows where the platform listens."""
BITS = 2048


class Keys:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.merchant = self._key("merchant.pem")
        self.platform = self._key("platform.pem")

    def _key(self, name: str) -> rsa.RSAPrivateKey:
        path = self.folder / name
        if not path.exists():
            self._make(path)
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(found, rsa.RSAPrivateKey):
            raise TypeError(f"{path} is no RSA key")
        return found

    def _make(self, path: Path) -> None:
        """Two processes may begin at once: the first link stands."""
        made = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f"{path.name}.{os.getpid()}")
        whole.touch(mode=0o600)
        whole.write_bytes(made.private_bytes(*form))
        try:
            os.link(whole, path)
        except FileExistsError:
            pass
        finally:
            whole.unlink()

    @property
    def merchant_pem(self) -> str:
        return (self.folder / "merchant.pem").read_text(encoding="ascii")

    @property
    def platform_public_pem(self) -> str:
        form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return self.platform.public_key().public_bytes(*form).decode()


@lru_cache(maxsize=1)
def keys() -> Keys:
    return Keys(Path(os.environ.get("ANLAN_SANDBOX_KEYS") or Path(os.environ.get("ANLAN_VAR", "var")) / "sandbox"))
