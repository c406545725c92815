"""Everything that a document holds, to look for what it must not hold."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pypdf


def whole(path):
    """Every byte of a document, unpacked."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content += b"".join(parts.read(name) + name.encode() for name in parts.namelist())
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            content += b"".join(item.read_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream))
            content += b"".join(bytes(item) for item in pdf.objects if isinstance(item, pikepdf.String))
        # Its letters are numbers of glyphs; a long word has places where it may be broken.
        text = "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
        content += text.replace("\u200b", "").replace("\n", "").encode()
    return content.lower()
