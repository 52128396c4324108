"""A Caddyfile for the exported site."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.headers import CSP, SECURITY_HEADERS, Realm
from server.web_servers import rules
from server.web_servers.rules import Exported


def static(site: Exported) -> str:
    """The whole of what Caddy is told to serve an exported site."""
    root = re.escape(f"{site.prefix}/")
    files = quoted(_folder(site, rules.SITE))
    lines = [
        "@method not method GET HEAD OPTIONS",
        "error @method 405",
        "@length header_regexp Content-Length [1-9]",
        "error @length 413",
        "@chunked header Transfer-Encoding *",
        "error @chunked 413",
        *_redirect(site.prefix),
        '@doubled expression `{http.request.orig_uri.path}.contains("//")`',
        "error @doubled 404",
        f"@hidden path_regexp ^{root}({_any(('index.html', *rules.HIDDEN))})$",
        "error @hidden 404",
        f"@page path_regexp ^{root}$",
        f"rewrite @page {site.prefix}/index.html",
        f"@absent not file {{\n\troot {files}\n\ttry_files {{path}}\n}}",
        "error @absent 404",
        *_matched("policy", root, [(rule.pattern, CSP, rule.value) for rule in rules.POLICIES]),
        *_matched(
            "keep", root, [(rule.pattern, "Cache-Control", rule.value) for rule in rules.CACHING]
        ),
        *_matched("varies", root, [(rules.VARYING, "Vary", "Accept-Encoding")]),
        *_types(),
        "@options method OPTIONS",
        f"header @options Allow {quoted(rules.ALLOWED)}",
        f"header @options Content-Type {quoted(rules.HTML)}",
        f"header @options {CSP} {quoted(Realm.CLOSED.policy)}",
        "header @options Cache-Control no-store",
        "header @options -Vary",
        "respond @options 200",
        "# Ranges are cut from the file as it is; others than one are not answered in part.",
        f"@ranges {{\n\theader Range *\n\tnot header_regexp Range `(?i)^{rules.RANGE}$`\n}}",
        "request_header @ranges -Range",
        "@head method HEAD",
        "request_header @head -Range",
        "# Their content is in their name; models have their digest for a tag.",
        f"@tagged path_regexp tagged ^{root}{rules.MODEL}$",
        'header @tagged {\n\tETag `"{http.regexp.tagged.1}"`\n\tdefer\n}',
        f"@untagged path_regexp ^{root}(assets|runtime)/",
        "header @untagged {\n\t-ETag\n\tdefer\n}",
        *(
            line
            for encoding, accepts in rules.ACCEPTS.items()
            for line in _form(site, encoding, accepts)
        ),
        f"root * {files}",
        "file_server {\n\tdisable_canonical_uris\n}",
    ]
    return f"""\
{{
	admin off
	auto_https {"disable_redirects" if site.place.tls else "off"}
}}

(mattebox_headers) {{
	header {{
{_each(SECURITY_HEADERS, 2)}
		{CSP} {quoted(Realm.CLOSED.policy)}
		Cache-Control no-store
		Content-Type {quoted(rules.PLAIN)}
	}}
	# Files of equal content would differ by the time.
	header {{
		-Last-Modified
		-Server
		defer
	}}
}}

{_site(site)} {{
{_listening(site)}	import mattebox_headers
	route {{
{_indented(lines, 2)}
	}}
	handle_errors {{
		route {{
			import mattebox_headers
			header -ETag
			header -Vary
			@none expression {{http.error.status_code}} == 404
			header @none Content-Type {quoted(rules.HTML)}
			respond @none {quoted(site.none)} 404
			@refused expression {{http.error.status_code}} == 405
			header @refused Allow {quoted(rules.ALLOWED)}
			@body expression {{http.error.status_code}} == 413
			respond @body {quoted(rules.said(413))} 413
			respond "{{http.error.status_code}} {{http.error.status_text}}
" {{http.error.status_code}}
		}}
	}}
}}
"""


def _site(site: Exported) -> str:
    return f"{'https' if site.place.tls else 'http'}://{site.place.name}:{site.place.port}"


def _listening(site: Exported) -> str:
    lines = [f"\tbind {site.place.address}\n"] if site.place.address else []
    if site.place.tls:
        certificate, key = (
            quoted(str(path)) for path in (site.place.tls.certificate, site.place.tls.key)
        )
        lines.append(f"\ttls {certificate} {key}\n")
    return "".join(lines)


def _redirect(prefix: str) -> list[str]:
    if not prefix:
        return []
    folder = prefix.rsplit("/", 1)[-1]
    return [
        f"@folder path_regexp ^{re.escape(prefix)}$",
        f"header @folder Location ./{folder}/",
        '@query expression `{http.request.uri.query} != ""`',
        f"@asked path_regexp ^{re.escape(prefix)}$",
        "handle @query {",
        f"\theader @asked Location ./{folder}/?{{http.request.uri.query}}",
        "}",
        f"header @folder Content-Type {quoted(rules.HTML)}",
        "respond @folder 308",
    ]


def _form(site: Exported, encoding: str, accepts: str) -> list[str]:
    folder = quoted(_folder(site, f"{rules.COMPRESSED}/{encoding}"))
    wanted = f"""\
@{encoding} {{
	header_regexp Accept-Encoding `(?i){accepts}`
	not header Range *
	file {{
		root {folder}
		try_files {{path}}
	}}
}}"""
    sent = f"""\
handle @{encoding} {{
	root * {folder}
	# Said late, or Caddy would not say how long it is.
	header {{
		Content-Encoding {encoding}
		defer
	}}
	file_server {{
		disable_canonical_uris
	}}
}}"""
    return [wanted, sent]


def _matched(name: str, root: str, pairs: Iterable[tuple[str, str, str]]) -> list[str]:
    lines = []
    for number, (pattern, header, value) in enumerate(pairs, 1):
        lines.append(f"@{name}{number} path_regexp ^{root}({pattern})$")
        lines.append(f"header @{name}{number} {header} {quoted(value)}")
    return lines


def _types() -> list[str]:
    lines = []
    for number, (kind, suffixes) in enumerate(rules.media_types().items(), 1):
        lines.append(rf"@type{number} path_regexp \.({'|'.join(suffixes)})$")
        lines.append(f"header @type{number} Content-Type {quoted(kind)}")
    return lines


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in names)


def _folder(site: Exported, name: str) -> str:
    return str(site.place.folder / name)


def _each(headers: dict[str, str], depth: int) -> str:
    return _indented([f"{name} {quoted(value)}" for name, value in headers.items()], depth)


def _indented(blocks: Iterable[str], depth: int) -> str:
    return "\n".join("\t" * depth + line for block in blocks for line in block.splitlines())


def quoted(text: str) -> str:
    """As a Caddyfile reads one word."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
