"""The files of an import, kept encrypted with the authority's key from preview until they are no longer needed."""

import hashlib
import io
import zipfile
from pathlib import Path
from uuid import UUID

from django.conf import settings

from onroll.access import sealed_files

from .problems import Refused
from .reading import Upload


def digest_of(uploads: list[Upload]) -> str:
    """The same for the same files, in whatever order they came."""
    total = hashlib.sha256()
    for upload in sorted(uploads, key=lambda item: item.name):
        total.update(f"{upload.name}\0{len(upload.data)}\0".encode())
        total.update(upload.data)
    return total.hexdigest()


def _path(public_id: UUID) -> Path:
    return Path(settings.FILES_FOLDER) / "imports" / f"{public_id}.sealed"


def keep(uploads: list[Upload], *, public_id: UUID, authority: int) -> None:
    """Put the files away. Their names and bytes come back exactly."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, upload in enumerate(uploads):
            archive.writestr(f"{number}/{upload.name}", upload.data)
    sealed_files.keep(_path(public_id), packed.getvalue(), authority=authority, bound_to=f"import:{public_id}")


def kept(*, public_id: UUID, authority: int) -> list[Upload]:
    """The files as they came. Refused when they are no longer there or were altered."""
    try:
        opened = sealed_files.kept(_path(public_id), authority=authority, bound_to=f"import:{public_id}")
    except (FileNotFoundError, ValueError) as error:
        raise Refused("The file is no longer kept as it was. Load it again.") from error
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        return [Upload(name.split("/", 1)[1], archive.read(name)) for name in archive.namelist()]


def forget(public_id: UUID) -> None:
    """Drop the files of an import that will never be applied."""
    _path(public_id).unlink(missing_ok=True)
