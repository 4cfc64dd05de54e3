"""Take govuk-frontend into the product: its compiled CSS and JavaScript, patched, and its licence.

For maintainers, when a new version comes out:

    npm pack govuk-frontend && tar xzf govuk-frontend-*.tgz
    python scripts/vendor_govuk_frontend.py package
    python scripts/check_govuk_fixtures.py package --write

The patch takes out what we may not or cannot use: the font that is licensed for GOV.UK alone, every
address under /assets/, and the notes that point to source maps. It fails if it does not find them,
so that a new version is looked at and not passed through.
"""

import json
import re
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "onroll" / "design" / "static" / "design" / "vendor"

NOTICE = """govuk-frontend {version}
https://github.com/alphagov/govuk-frontend

govuk-frontend.min.css and govuk-frontend.min.js are the compiled files of the npm package
govuk-frontend {version}, changed by scripts/vendor_govuk_frontend.py: no web font (Arial and
Helvetica in its place), no images, no source map notes.

The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def cut(text: str, pattern: str, replacement: str = "") -> str:
    """The text without every match of the pattern, of which there must be one at least."""
    changed, times = re.subn(pattern, replacement, text)
    if not times:
        raise SystemExit(f"Nothing matches {pattern}. Look at what this version changed.")
    return changed


def patched_css(css: str) -> str:
    """The stylesheet with no font of its own and no address in it."""
    css = cut(css, r"@font-face\{[^}]*\}")
    css = cut(css, r"font-family:GDS Transport,arial,sans-serif", "font-family:Arial,Helvetica,sans-serif")
    css = cut(css, r"(?<=[;{])(?:-webkit-)?(?:background-image|mask-image):url\(/assets/[^)]*\);?")
    css = cut(css, r"\s*/\*# sourceMappingURL=[^*]*\*/")
    left = re.findall(r"GDS Transport(?=[,;\"])|/assets/|@import|url\((?!data:)", css)
    if left:
        raise SystemExit(f"Still in the stylesheet: {left}")
    return css.strip() + "\n"


def patched_js(js: str) -> str:
    """The module without the note that points to its source map."""
    return cut(js, r"\s*//# sourceMappingURL=\S*\s*$") + "\n"


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("Name the folder of the unpacked npm package.")
    package = Path(sys.argv[1])
    version = json.loads((package / "package.json").read_text())["version"]
    compiled = package / "dist" / "govuk"
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "govuk-frontend.min.css").write_text(patched_css((compiled / "govuk-frontend.min.css").read_text()))
    (VENDOR / "govuk-frontend.min.js").write_text(patched_js((compiled / "govuk-frontend.min.js").read_text()))
    (VENDOR / "LICENCE-govuk-frontend.txt").write_text(NOTICE.format(version=version))


if __name__ == "__main__":
    main()
