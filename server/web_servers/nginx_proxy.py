"""Configuration for nginx in front of gunicorn, written for one installation."""

from __future__ import annotations

from server.config import Settings
from server.handover import ASKED_BY, INTERNAL, roots_of
from server.headers import CSP, SECURITY_HEADERS
from server.web_servers import nginx, rules
from server.web_servers.rules import Tls

# nginx keeps of the answer that names a file only type, caching and ranges.
_KEPT = (CSP, *SECURITY_HEADERS, "ETag", "Vary", "Content-Encoding")


def proxy(
    settings: Settings, listen: str, upstream: str, *, name: str = "", tls: Tls | None = None
) -> str:
    """What http { } of nginx includes.

    listen: address and what belongs to it, as nginx takes it. upstream: gunicorn's address, as
    proxy_pass takes it. name: of the host; "" for any. tls: has HTTP/2 as well.
    """
    hands_over = settings.files_sent_by == "x-accel-redirect"
    # Whatever a client says of itself is not passed on.
    says = '"X-Accel-Redirect"' if hands_over else '""'
    kinds = f"{listen} ssl http2" if tls else listen
    own = f"  server_name {name};\n" if name else ""
    if tls:
        own += f"  ssl_certificate {nginx.quoted(str(tls.certificate))};\n"
        own += f"  ssl_certificate_key {nginx.quoted(str(tls.key))};\n"
    folders = "".join(_folder(name, str(root)) for name, root in roots_of(settings).items())
    return f"""\
{nginx.what_is_said()}
server {{
  # What the kernel may hold for one client who takes nothing.
  listen {kinds} sndbuf=512k;
{own}  server_tokens off;
  gzip off;
{nginx.no_bodies()}
  set $mattebox_allow "";
{nginx.refusals(rules.REFUSED, headers=True)}
  # What gunicorn counts (MATTEBOX_METRICS) is not for visitors.
  location = {settings.prefix}/metrics {{ return 404; }}
  location / {{
    proxy_pass {upstream};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header {ASKED_BY} {says};
    # Buffered in memory, never on the disk: slow readers of models would fill it.
    proxy_max_temp_file_size 0;
  }}
{folders if hands_over else ""}}}
"""


def _folder(name: str, root: str) -> str:
    headers = "\n".join(
        f"    add_header {one} $upstream_http_{one.lower().replace('-', '_')} always;"
        for one in _KEPT
    )
    return f"""\
  location {INTERNAL}/{name}/ {{
    internal;
    alias {root}/;
    sendfile on;
    tcp_nopush on;
    max_ranges 1;
    # Tags are the server's, which has weighed every condition before.
    etag off;
    if_modified_since off;
    add_header Last-Modified "";
{headers}
  }}
"""
