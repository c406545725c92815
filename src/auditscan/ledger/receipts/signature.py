"""Signatures on receipts, in the format of minisign: anybody's minisign checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditscan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

suffix = ".minisig"
"""What the name of a signature has more than that of what was signed."""


def sign(data: bytes, key_file: Path, comment: str) -> bytes:
    """Return the signature file of these bytes; `comment` is signed with them.

    Raises UsageError where the key cannot be used, or the extra that signs is not installed.
    """
    minisign = _minisign()
    try:
        with minisign.SecretKey.from_file(key_file) as key:
            if key.is_encrypted():
                raise UsageError(
                    "this key has a password, and nobody is there at night to give it",
                    where=str(key_file),
                    hint="make one without: minisign -G -W",
                )
            return bytes(key.sign(data, trusted_comment=comment, untrusted_comment="signature of auditscan")) + b"\n"
    except (OSError, minisign.Error) as error:
        raise _unusable("secret key", key_file, error) from error


def check(data: bytes, signature: bytes, key_file: Path, comment: str) -> str:
    """Return why a signature does not hold for these bytes and this comment; empty where it does.

    Raises UsageError where the public key cannot be read, or the extra that signs is not installed.
    """
    minisign = _minisign()
    try:
        key = minisign.PublicKey.from_file(key_file)
    except (OSError, minisign.Error) as error:
        raise _unusable("public key", key_file, error) from error
    try:
        found = minisign.Signature.from_bytes(signature)
        key.verify(data, found)
    except ValueError as error:
        return f"the signature does not hold: {error}"
    if found.trusted_comment != comment:
        return f"the signature is of something else: {found.trusted_comment}"
    # What is around the signed parts can be written in more than one way; only one is ours.
    return "" if bytes(found) + b"\n" == signature else "the signature is not written as it was"


def _minisign() -> Any:  # noqa: ANN401 -- a module that need not be there
    try:
        import minisign
    except ImportError as error:
        raise UsageError("signatures need an extra that is not installed", hint="install auditscan[sign]") from error
    return minisign


def _unusable(what: str, path: Path, error: Exception) -> UsageError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return UsageError(f"this is no {what} of minisign that can be used", where=str(path), why=why)
