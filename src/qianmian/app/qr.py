"""QR codes of tracked links, as pictures for the screen and for print."""

from __future__ import annotations

import io
from enum import Enum

import segno

from qianmian.app.tracked_links import PATH
from qianmian.core.settings import Settings

#: A fourth of the code may be scratched or covered.
_ERROR_LEVEL = "q"
#: The quiet edge that readers need, in modules.
_EDGE = 4


class Picture(Enum):
    """How a picture is written."""

    SVG = "svg"
    PNG = "png"


def address_of(code: str, settings: Settings) -> str:
    """Where a link is opened: at the public address, or on this machine alone if the workspace has none."""
    return f"{settings.public_address or f'http://127.0.0.1:{settings.port}'}{PATH}{code}"


def qr_code(address: str, picture: Picture, pixels: int = 8) -> bytes:
    """The QR code of an address.

    Args:
        address: what it says.
        picture: how it is written.
        pixels: size of a module, the smallest square.
    """
    written = io.BytesIO()
    code = segno.make_qr(address, error=_ERROR_LEVEL, boost_error=False)
    if picture is Picture.SVG:
        code.save(written, kind="svg", border=_EDGE, scale=pixels, light="#fff", xmldecl=False, omitsize=True)
    else:
        code.save(written, kind="png", border=_EDGE, scale=pixels)
    return written.getvalue()
