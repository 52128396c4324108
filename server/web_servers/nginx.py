"""Configuration for nginx: the exported site by itself, and what both ways of using it share."""

from __future__ import annotations

from collections.abc import Iterable

from server.headers import CSP, SECURITY_HEADERS, Realm
from server.web_servers import rules
from server.web_servers.rules import Exported

_FORM = f"/({rules.SITE}|{rules.COMPRESSED}/[a-z]+)"
# Answers that speak of a file, and so have its headers.
_OF_FILES = "~^(200|206|304|412)$"
# nginx finds out late that a range cannot be had, and has added every header by then.
_LATE = "416"
_KEPT = "~^(200|206|304)$"
_FOUND = f"try_files /$mattebox_form$mattebox_file /{rules.SITE}$mattebox_file =404;"


def static(site: Exported) -> str:
    """What http { } of nginx includes to serve an exported site."""
    form = f"^{_FORM}{site.prefix}"
    policies = [(f"~{form}/{rule.pattern}$", rule.value) for rule in rules.POLICIES]
    caching = [(f"~{form}/({rule.pattern})$", rule.value) for rule in rules.CACHING]
    accepted = [
        (f"~*{pattern}", f"{rules.COMPRESSED}/{encoding}")
        for encoding, pattern in rules.ACCEPTS.items()
    ]
    encodings = [(f"~^/{rules.COMPRESSED}/{encoding}/", encoding) for encoding in rules.ACCEPTS]
    maps = (
        _map("$uri", "$mattebox_policy", Realm.CLOSED.policy, policies),
        _once("$mattebox_csp", Realm.CLOSED.policy, [(_OF_FILES, "$mattebox_policy")]),
        _map("$uri", "$mattebox_keep", "no-store", caching),
        _once("$mattebox_cache", "no-store", [(_KEPT, "$mattebox_keep")]),
        _map("$uri", "$mattebox_varies", "", [(f"~{form}/({rules.VARYING})$", "Accept-Encoding")]),
        _once("$mattebox_vary", "", [(_OF_FILES, "$mattebox_varies")]),
        _map("$uri", "$mattebox_digest", "$sent_http_etag", [(f"~{form}/{rules.MODEL}$", '"$2"')]),
        _once("$mattebox_tag", "", [(_KEPT, "$mattebox_digest")]),
        *(_once(_variable(name), value) for name, value in SECURITY_HEADERS.items()),
        _map("$uri", "$mattebox_encoding", "", encodings),
        _map("$http_accept_encoding", "$mattebox_accepted", rules.SITE, accepted),
        # Ranges are cut from the file as it is.
        _map("$http_range", "$mattebox_form", rules.SITE, [("", "$mattebox_accepted")]),
        _map(
            "$request_method:$http_range",
            "$mattebox_whole",
            "1",
            [("~^[A-Z]+:$", ""), (f"~*^GET:{rules.RANGE}$", "")],
        ),
        _map(
            "$request_method:$content_length:$http_transfer_encoding",
            "$mattebox_refused",
            "405",
            [
                ("~^(GET|HEAD):0*:$", ""),
                ("~^OPTIONS:0*:$", "418"),
                ("~^(GET|HEAD|OPTIONS):", "413"),
            ],
        ),
        what_is_said(),
    )
    return f"{''.join(maps)}\n{_server(site)}"


def _server(site: Exported) -> str:
    root = f"{site.prefix}/"
    headers = {
        CSP: "$mattebox_csp",
        "Cache-Control": "$mattebox_cache",
        "Vary": "$mattebox_vary",
        "Content-Encoding": "$mattebox_encoding",
        "ETag": "$mattebox_tag",
        "Allow": "$mattebox_allow",
        **{name: _variable(name) for name in SECURITY_HEADERS},
    }
    elsewhere = "  location / { return 404; }\n" if site.prefix else ""
    hidden = "".join(
        f"  location = {root}{name} {{ return 404; }}\n" for name in ("index.html", *rules.HIDDEN)
    )
    return f"""\
server {{
{_listening(site)}
  root {quoted(str(site.place.folder))};
  sendfile on;
  tcp_nopush on;
  server_tokens off;
  gzip off;
  merge_slashes off;
  absolute_redirect off;
  max_ranges 1;
  # Bodies are refused below, like every method that has one.
  client_max_body_size 0;
{_types()}
  set $mattebox_allow "";
  set $mattebox_file $uri;
  # Files of equal content would differ by it.
  add_header Last-Modified "";
{_added(headers)}
  error_page 404 @mattebox_none;
  error_page 418 = @mattebox_options;
  error_page 419 = @mattebox_whole;
{refusals(rules.REFUSED, except_for=(404, 412, 416))}
{_redirect(site.prefix)}{hidden}\
  location = {root} {{
    set $mattebox_file {root}index.html;
{_refused()}
    {_FOUND}
  }}
  location {root} {{
{_refused()}
    # Their content is in their name; models have their digest for a tag.
    location ~ ^{site.prefix}/(assets|runtime|models)/ {{
{_refused(6)}
      etag off;
      {_FOUND}
    }}
    {_FOUND}
  }}
{elsewhere}\
  location @mattebox_whole {{
    max_ranges 0;
    etag off;
    {_FOUND}
  }}
  location @mattebox_none {{
    types {{ }}
    default_type {quoted(rules.HTML)};
    return 404 {quoted(site.none)};
  }}
  location @mattebox_options {{
    types {{ }}
    default_type {quoted(rules.HTML)};
    set $mattebox_allow {quoted(rules.ALLOWED)};
    return 200 "";
  }}
}}
"""


def _refused(indent: int = 4) -> str:
    """`return` takes no variable for a status."""
    lines = [f"if ($mattebox_refused = {status}) {{ return {status}; }}" for status in (405, 413)]
    # The disk takes several slashes for one.
    lines.append("if ($mattebox_file ~ //) { return 404; }")
    lines.append(f"if (!-f $document_root/{rules.SITE}$mattebox_file) {{ return 404; }}")
    lines.append("if ($mattebox_refused = 418) { return 418; }")
    lines.append("if ($mattebox_whole) { return 419; }")
    return "\n".join(" " * indent + line for line in lines)


def _listening(site: Exported) -> str:
    at = f"{site.place.address}:{site.place.port}" if site.place.address else str(site.place.port)
    # What the kernel may hold for one client who takes nothing.
    kinds = "ssl http2 sndbuf=512k" if site.place.tls else "sndbuf=512k"
    lines = [f"  listen {at} {kinds};"]
    if site.place.name:
        lines.append(f"  server_name {site.place.name};")
    if site.place.tls:
        lines.append(f"  ssl_certificate {quoted(str(site.place.tls.certificate))};")
        lines.append(f"  ssl_certificate_key {quoted(str(site.place.tls.key))};")
    return "\n".join(lines)


def _redirect(prefix: str) -> str:
    if not prefix:
        return ""
    folder = prefix.rsplit("/", 1)[-1]
    return f"  location = {prefix} {{ return 308 ./{folder}/$is_args$args; }}\n"


def _types() -> str:
    lines = "".join(
        f"    {quoted(kind)} {' '.join(suffixes)};\n"
        for kind, suffixes in rules.media_types().items()
    )
    return f"  types {{\n{lines}  }}\n  default_type {quoted(rules.PLAIN)};"


def no_bodies() -> str:
    """Refuse a body before it is read."""
    return """\
  # No request has a body here, so none is read. 0 would mean any size.
  client_max_body_size 1;"""


def what_is_said() -> str:
    """The map that `refusals` needs."""
    texts = [(str(status), rules.said(status)) for status in rules.REFUSED]
    # What nginx counts as its own: too large a head, and plain http where TLS is spoken.
    texts += [("494", rules.said(431)), ("497", rules.said(400))]
    return _map("$status", "$mattebox_said", rules.said(500), texts)


def refusals(
    statuses: Iterable[int], except_for: Iterable[int] = (), *, headers: bool = False
) -> str:
    """Refusals that are nginx's own, worded as the application's. headers: with all of these."""
    codes = " ".join(str(status) for status in statuses if status not in except_for)
    own = {CSP: Realm.CLOSED.policy, "Cache-Control": "no-store", "Allow": "$mattebox_allow"}
    added = f"{_added(own | SECURITY_HEADERS, 4)}\n" if headers else ""
    return f"""\
  error_page {codes} /_mattebox_refusal;
  error_page 494 =431 /_mattebox_refusal;
  error_page 497 =400 /_mattebox_refusal;
  # By an address, since what cannot be read has none to keep.
  location = /_mattebox_refusal {{
    internal;
    types {{ }}
    default_type {quoted(rules.PLAIN)};
    if ($status = 405) {{ set $mattebox_allow {quoted(rules.ALLOWED)}; }}
{added}    return 200 $mattebox_said;
  }}"""


def _added(headers: dict[str, str], indent: int = 2) -> str:
    return "\n".join(
        f"{' ' * indent}add_header {name} {quoted(value)} always;"
        for name, value in headers.items()
    )


def _variable(header: str) -> str:
    return f"$mattebox_{header.lower().replace('-', '_')}"


def _once(name: str, default: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """A header's value by the status; nothing the second time that nginx adds it."""
    made = _map("$status", name, default, [*pairs, (_LATE, "")])
    return made.replace("{\n", "{\n  volatile;\n", 1)


def _map(source: str, name: str, default: str, pairs: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"  {quoted(key)} {quoted(value)};\n" for key, value in pairs)
    return f"map {quoted(source)} {name} {{\n  default {quoted(default)};\n{lines}}}\n"


def quoted(text: str) -> str:
    """As nginx reads one word. It has no way to write a dollar sign."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
