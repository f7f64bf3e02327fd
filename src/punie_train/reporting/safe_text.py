"""Text that others wrote, made harmless for a terminal and for HTML.

Control characters, direction overrides, invisible format characters and lone surrogates are shown
as escapes such as `\\x1b` and `\\u202e`; they never reach a terminal or a page as themselves.
"""

import html
import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def one_line(text: str) -> str:
    """Return the text on one line, everything that cannot be seen as an escape."""
    return "".join(map(_visible, text))


def lines(text: str) -> str:
    """Return the text like `one_line`, but with its line feeds and tabs kept."""
    return "".join(char if char in "\n\t" else _visible(char) for char in text)


def html_line(text: str) -> str:
    """Return the text on one line for HTML content or a quoted attribute."""
    return html.escape(one_line(text))


def html_lines(text: str) -> str:
    """Return the text for a `<pre>` element, line feeds kept."""
    return html.escape(lines(text))


def shorten(text: str, width: int) -> str:
    """Return the text on one line in at most `width` characters, the middle left out."""
    line = one_line(text)
    if len(line) <= width:
        return line
    if width <= 3:
        return line[:width]
    head = (width - 3) // 2
    return f"{line[:head]}...{line[len(line) - (width - 3 - head) :]}"


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _INVISIBLE:
        return char
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
