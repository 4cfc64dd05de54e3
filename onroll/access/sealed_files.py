"""Files kept encrypted with the authority's key. A file is whole or it is not there: never a part of one.

The key of files is derived from the authority's, so that no stored value and no file are ever closed with the same.
"""

import os
import secrets
from pathlib import Path

from .encryption import current_key, decrypt_bytes, encrypt_bytes, key_of

USE = "file"
# The end of the name of a file that is still being written.
UNFINISHED = ".part"


def keep(path: Path, data: bytes, *, authority: int, bound_to: str) -> None:
    """Put the data away at `path`, in place of what may be there. It opens only for the same `bound_to`.

    When this returns, it is on the disk. When it fails, as on a full disk, nothing is left behind.
    """
    sealed = encrypt_bytes(data, authority=authority, bound_to=bound_to, use=USE).encode()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def kept(path: Path, *, authority: int, bound_to: str) -> bytes:
    """The data as it was put away. Raises FileNotFoundError, KeyMissing, or ValueError when it was altered or moved."""
    return decrypt_bytes(path.read_text(), authority=authority, bound_to=bound_to, use=USE)


def close_again(path: Path, *, authority: int, bound_to: str) -> bool:
    """Close the file with the authority's current key, where it is closed with an older one. Says whether it was."""
    if key_of(path.read_text()) == current_key(authority):
        return False
    keep(path, kept(path, authority=authority, bound_to=bound_to), authority=authority, bound_to=bound_to)
    return True
