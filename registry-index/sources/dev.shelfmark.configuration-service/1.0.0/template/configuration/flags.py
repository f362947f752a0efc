"""Which side of a flag somebody is on."""

from hashlib import sha256


def place(flag: str, subject: str) -> float:
    """Returns a stable place between 0 and 100 for a subject."""
    digest = sha256(f"{flag}/{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 * 100


def is_on(flag: str, share: float, subject: str) -> bool:
    return place(flag, subject) < share
