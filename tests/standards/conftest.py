from tests.api.conftest import speak

__all__ = ["speak"]
