"""An authority's colour and logo: whether words on the colour can be read, and the rules that bring both onto pages."""

import re

WHITE, BLACK = "#ffffff", "#0b0c0c"
NEEDED_CONTRAST = 4.5


def _brightness(colour: str) -> float:
    """The relative luminance of #rrggbb, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, from 1 to 21."""
    lighter, darker = sorted((_brightness(one), _brightness(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def why_not_colour(colour: str) -> str:
    """Why this colour can't be an authority's, in words to show. Empty if it can."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return "Enter the colour as # and six letters or numbers, like #17524f"
    if contrast(colour, WHITE) < NEEDED_CONTRAST:
        return "White words can't be read on this colour. Choose a darker one"
    return ""


def _mixed(colour: str, other: str, share: float) -> str:
    """The colour with a share of the other in it."""
    parts = [
        round(int(colour[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share) for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


def authority_css(colour: str) -> str:
    """The one rule that puts the authority's colour on its pages. A colour that can't be read is left out."""
    if why_not_colour(colour):
        return ""
    dim = _mixed(colour, WHITE, 0.78)
    if contrast(dim, colour) < NEEDED_CONTRAST:
        dim = WHITE
    return f":root{{--onroll-brand:{colour};--onroll-brand-ink:{WHITE};--onroll-brand-dim:{dim}}}\n"


# Of the logo in the bar, in pixels.
LOGO_HEIGHT, LOGO_WIDTH = 32, 160


def logo_css(address: str, *, width: int, height: int) -> str:
    """The rule that puts a picture of this size, in pixels, before the name in the bar, on white so that it shows."""
    shown = min(LOGO_WIDTH, max(1, round(LOGO_HEIGHT * width / height)))
    return (
        f'.onroll-header__name::before{{content:"";width:{shown}px;height:{LOGO_HEIGHT}px;'
        f'background:#fff url("{address}") center/contain no-repeat content-box}}\n'
    )
