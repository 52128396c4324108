"""Configuration for Apache: a virtual host for the exported site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.headers import CSP, SECURITY_HEADERS, Realm
from server.web_servers import rules
from server.web_servers.rules import Exported

MODULES = ("alias", "authz_core", "headers", "mime", "rewrite", "setenvif", "env")
"""What has to be enabled; with TLS, ssl and http2 as well."""

REFUSALS = "refusals"
"""The folder of what is said where there is nothing to send, a file for each status."""

_SAID = "/_mattebox_refusals"


def refusals(site: Exported) -> dict[str, str]:
    """The files of `REFUSALS`, by name below the exported folder."""
    texts = {_refusal(status): rules.said(status) for status in rules.REFUSED}
    return {f"{REFUSALS}/{name}": text for name, text in texts.items()} | {
        f"{REFUSALS}/{_refusal(404)}": site.none
    }


def _refusal(status: int) -> str:
    return f"{status}.html" if status == 404 else f"{status}.txt"


def static(site: Exported) -> str:
    """What Apache includes to serve an exported site."""
    modules = (*MODULES, "ssl", "http2") if site.place.tls else MODULES
    lines = [*_listening(site), *_files(site), *_routes(site), *_headers()]
    host = f"{site.place.address or '*'}:{site.place.port}"
    return f"""\
# a2enmod {" ".join(modules)}
Listen {f"{site.place.address}:" if site.place.address else ""}{site.place.port}
<VirtualHost {host}>
{"".join(f"  {line}{chr(10)}" for line in lines)}</VirtualHost>
"""


def _listening(site: Exported) -> Iterator[str]:
    if site.place.name:
        yield f"ServerName {site.place.name}"
    if site.place.tls:
        yield "Protocols h2 http/1.1"
        yield "SSLEngine on"
        yield f"SSLCertificateFile {quoted(str(site.place.tls.certificate))}"
        yield f"SSLCertificateKeyFile {quoted(str(site.place.tls.key))}"


def _files(site: Exported) -> Iterator[str]:
    folder = str(site.place.folder)
    yield f"DocumentRoot {quoted(f'{folder}/{rules.SITE}')}"
    yield f"Alias {_SAID}/ {quoted(f'{folder}/{REFUSALS}/')}"
    yield f"<Directory {quoted(folder)}>"
    yield "  AllowOverride None"
    yield "  Options None"
    yield "  Require all granted"
    yield "</Directory>"
    yield "FileETag MTime Size"
    yield "AddDefaultCharset Off"
    for kind, suffixes in rules.media_types().items():
        yield f"AddType {quoted(kind)} {' '.join(f'.{suffix}' for suffix in suffixes)}"
    yield "TraceEnable off"
    yield "MergeSlashes Off"
    yield "# What is sent compressed has been compressed already."
    yield "SetEnv no-gzip 1"
    yield "SetEnv no-brotli 1"
    for status in rules.REFUSED:
        if status not in (412, 416):  # these speak of a file
            yield f"ErrorDocument {status} {_SAID}/{_refusal(status)}"


def _routes(site: Exported) -> Iterator[str]:
    folder, root = str(site.place.folder), re.escape(f"{site.prefix}/")
    files = f"{folder}/{rules.SITE}"
    hidden = "|".join(re.escape(name) for name in ("index.html", *rules.HIDDEN))
    yield "RewriteEngine On"
    yield 'RewriteCond "%{ENV:REDIRECT_STATUS}" !=""'
    yield "RewriteRule ^ - [L]"
    yield "RewriteCond %{REQUEST_METHOD} !^(GET|HEAD|OPTIONS)$"
    yield "RewriteRule ^ - [R=405,L]"
    yield "RewriteCond %{HTTP:Content-Length} [1-9] [NV,OR]"
    yield "RewriteCond %{HTTP:Transfer-Encoding} . [NV]"
    yield "RewriteRule ^ - [R=413,L]"
    if site.prefix:
        yield f"RewriteRule ^{re.escape(site.prefix)}$ {site.prefix}/ [R=308,L]"
    yield f"RewriteRule ^({root}({hidden})$|.*//) - [R=404,L]"
    yield f"RewriteRule ^{root}$ {site.prefix}/index.html"
    yield f'RewriteCond "{files}$1" !-f'
    yield "RewriteRule ^(.*)$ - [R=404,L]"
    yield f"RewriteRule ^{root}(.*)$ - [E=MATTEBOX_PATH:$1]"
    yield "# Ranges are cut from the file as it is; others than one are not answered in part."
    for encoding, accepts in rules.ACCEPTS.items():
        top = f"{folder}/{rules.COMPRESSED}/{encoding}"
        yield "RewriteCond %{REQUEST_METHOD} !=OPTIONS"
        yield 'RewriteCond "%{HTTP:Range}" ="" [NV]'
        yield f'RewriteCond "%{{HTTP:Accept-Encoding}}" "{accepts}" [NC,NV]'
        yield f'RewriteCond "{top}$1" -f'
        yield f'RewriteRule ^(.*)$ "{top}$1" [L,E=MATTEBOX_FORM:{encoding}]'
    yield f'RewriteRule ^(.*)$ "{files}$1" [L]'


def _headers() -> Iterator[str]:
    odd = f"! (%{{HTTP:Range}} =~ m#^{rules.RANGE}$#i)".replace("\t", "\\t")
    yield f"RequestHeader unset Range \"expr={odd} || %{{REQUEST_METHOD}} != 'GET'\""
    yield "RequestHeader unset Request-Range"
    for name, value in SECURITY_HEADERS.items():
        yield f"Header always set {name} {quoted(value)}"
    yield f"Header always set {CSP} {quoted(Realm.CLOSED.policy)}"
    for rule in rules.POLICIES:
        yield f"Header always set {CSP} {quoted(rule.value)} {_for(rule.pattern)}"
    yield 'Header always set Cache-Control "no-store"'
    for rule in rules.CACHING:
        kept = f"{_is(rule.pattern)} && %{{REQUEST_STATUS}} in {{'200', '206', '304'}}"
        yield f'Header always set Cache-Control {quoted(rule.value)} "expr={kept}"'
    yield "Header unset Vary"
    yield f"Header always set Vary Accept-Encoding {_for(rules.VARYING)}"
    yield "# What has its content in its name needs no tag; models have their digest."
    yield f"Header unset ETag {_for('(assets|runtime)/.+')}"
    yield 'Header unset ETag "expr=-n %{reqenv:REDIRECT_STATUS}"'
    yield f'SetEnvIf Request_URI "{rules.MODEL}$" MATTEBOX_DIGEST=$1'
    yield f'Header set ETag "\\"%{{MATTEBOX_DIGEST}}e\\"" {_for(rules.MODEL)}'
    for encoding in rules.ACCEPTS:
        formed = f"%{{reqenv:MATTEBOX_FORM}} == '{encoding}'"
        yield f'Header always set Content-Encoding {encoding} "expr={formed}"'
    yield "# Files of equal content would differ by the time."
    yield "Header unset Last-Modified"
    yield f'Header set Content-Type {quoted(rules.PLAIN)} "expr={_is("healthz|readyz")}"'
    refused = "%{reqenv:REDIRECT_STATUS} -ne 404 && %{reqenv:REDIRECT_STATUS} -gt 399"
    yield f'Header always set Content-Type {quoted(rules.PLAIN)} "expr={refused}"'
    options = "%{REQUEST_METHOD} == 'OPTIONS' && %{REQUEST_STATUS} == '200'"
    for name, value in (
        ("Content-Type", rules.HTML),
        (CSP, Realm.CLOSED.policy),
        ("Cache-Control", "no-store"),
    ):
        yield f'Header always set {name} {quoted(value)} "expr={options}"'
    yield f'Header always unset Vary "expr={options}"'
    yield "Header unset Allow"
    yield f'Header always set Allow {quoted(rules.ALLOWED)} "expr={options}"'
    none = "%{reqenv:REDIRECT_STATUS} == '405'"
    yield f'Header always set Allow {quoted(rules.ALLOWED)} "expr={none}"'


def _is(pattern: str) -> str:
    # Not there where something is refused, since that is another request to Apache.
    return f"%{{reqenv:MATTEBOX_PATH}} =~ m#^({pattern})$#"


def _for(pattern: str) -> str:
    return f'"expr={_is(pattern)}"'


def quoted(text: str) -> str:
    """As Apache reads one word."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
