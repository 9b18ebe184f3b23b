"""`/`: the SQL editor, as it was built into the package."""

from __future__ import annotations

import secrets
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from bestfix.surfaces.http.guards.headers import page_policy

__all__ = ["STATIC", "router"]

STATIC = Path(__file__).parents[1] / "static"
"""Where the built page is."""
_NONCE = "__NONCE__"
_UNBUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bestfix</title>
<p>The service runs; its page is not built into this installation (<code>make ui</code>).</p></html>"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> HTMLResponse:
    """Return the page, with a new nonce for the styles that its editor makes."""
    index, nonce = STATIC / "index.html", secrets.token_urlsafe(16)
    text = index.read_text(encoding="utf-8") if index.is_file() else _UNBUILT
    policy = {"Content-Security-Policy": page_policy(nonce)}
    return HTMLResponse(text.replace(_NONCE, nonce), headers=policy)
