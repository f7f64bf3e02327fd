"""One HTML page without a script: tables and pictures, offline, nothing of a model's live."""

import base64
import hashlib

from punie_train.reporting.safe_text import html_line

STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:24px auto;max-width:1080px;padding:0 16px;"
    "color:#1c2733;background:#fff}h1{font-size:22px}h2{font-size:17px;margin:28px 0 8px}"
    "table{border-collapse:collapse;font-size:13.5px}th,td{text-align:left;padding:4px 14px 4px 0;"
    "border-bottom:1px solid #e3e7ec;vertical-align:top}th{color:#5b6876;font-weight:500}"
    "td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}.quiet{color:#5b6876}"
    ".good{color:#17663a}.bad{color:#9b1c1c}.scroll{overflow-x:auto}svg{max-width:100%;height:auto}"
    "@media (prefers-color-scheme:dark){body{color:#dfe5ec;background:#141a21}th,.quiet{"
    "color:#98a5b3}th,td{border-color:#2a333d}.good{color:#6fce98}.bad{color:#f28b8b}}"
)


def static_page(title: str, body: str) -> str:
    """Return the page; `body` is HTML that is escaped already, the title is plain text.

    The content security policy admits the page's own style and nothing else.
    """
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{html_line(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{html_line(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def html_table(rows: list[list[str]], *, numbers_from: int) -> str:
    """Return a table of plain texts, the first row its head.

    Columns from `numbers_from` (counted from 0) on are aligned to the right.
    """
    lines = []
    for place, row in enumerate(rows):
        tag = "td" if place else "th"
        kinds = ["" if column < numbers_from else ' class="number"' for column in range(len(row))]
        cells = (
            f"<{tag}{kind}>{html_line(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="scroll"><table>{"".join(lines)}</table></div>'
