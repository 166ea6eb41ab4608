from tests.channels.twin import twin, twin_process

__all__ = ["twin", "twin_process"]
