#!/bin/sh
# Install the browsers that tests/browser drives, and the proxies that tests/server goes through, where this machine's package manager can; never fail.
#
# The contract with browsers.py, which finds the programs; tests/browser/conftest.py decides what their absence means:
#   chromium + chromedriver        the Chromium tests
#   WebKitWebDriver + MiniBrowser  the WebKitGTK tests; MiniBrowser lives beside the library, not on PATH
#   Xvfb                           a screen for MiniBrowser, which has no headless mode
#   firefox-esr (or firefox)       the Firefox tests; it brings its own driver
#   nginx, apache2, caddy, curl    the proxies and web servers of tests/server/, which starts its own, and who asks by HTTP/2
#                                  (Apache with libapache2-mod-xsendfile)
#   lavapipe                       Mesa's software Vulkan, the GPU that Firefox's WebGPU finds where there is none
# Missing programs skip their tests with the reason, except where CI is set: there they are a failure.
# `make BROWSERS=no ...` does not run this script.
set -u

packages='chromium chromium-driver webkit2gtk-driver xvfb firefox-esr libvulkan1 mesa-vulkan-drivers nginx apache2 libapache2-mod-xsendfile caddy curl'

has() { command -v "$1" >/dev/null 2>&1; }

# The library's directory carries the ABI in its name (webkit2gtk-4.0, 4.1, webkitgtk-6.0).
has_minibrowser() { has MiniBrowser || ls /usr/lib*/webkit*gtk-*/MiniBrowser /usr/lib*/*/webkit*gtk-*/MiniBrowser /usr/libexec/webkit*gtk-*/MiniBrowser 2>/dev/null | grep -q .; }

has_lavapipe() { ls /usr/share/vulkan/icd.d/lvp_icd*.json /etc/vulkan/icd.d/lvp_icd*.json 2>/dev/null | grep -q .; }

missing() {
	has chromium || has chromium-browser || has google-chrome || printf ' chromium'
	has chromedriver || printf ' chromedriver'
	has WebKitWebDriver || printf ' WebKitWebDriver'
	has_minibrowser || printf ' MiniBrowser'
	has Xvfb || printf ' Xvfb'
	has firefox-esr || has firefox || printf ' firefox-esr'
	has_lavapipe || printf ' lavapipe'
	has nginx || [ -x /usr/sbin/nginx ] || printf ' nginx'
	has caddy || printf ' caddy'
	has curl || printf ' curl'
	[ -e /usr/lib/apache2/modules/mod_xsendfile.so ] || printf ' libapache2-mod-xsendfile'
}

lacking=$(missing)
[ -n "$lacking" ] || exit 0

by_hand() {
	echo "browser tests: missing$lacking ($1)."
	echo "On Debian: apt-get install $packages"
	echo 'Elsewhere: Chromium with its chromedriver, WebKitGTK with WebKitWebDriver and MiniBrowser, Xvfb, Firefox, lavapipe, nginx, Caddy, curl, and Apache with mod_xsendfile.'
	exit 0
}

# Ubuntu's chromium package is an installer for a snap, which neither a container nor chromedriver can use.
has apt-get && grep -qs '^ID=debian' /etc/os-release || by_hand 'only installed automatically on Debian'
if [ "$(id -u)" = 0 ]; then sudo=
elif has sudo && sudo -n true 2>/dev/null; then sudo='sudo -n'
else by_hand 'installing needs root or sudo without a password'
fi

echo "browser tests: installing $packages, for the missing$lacking"
log=$(mktemp)
# Debian starts a server that it installs, on port 80; tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] && printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null; then
	$sudo chmod 755 "$policy"
	trap '$sudo rm -f "$policy"' EXIT
fi
if {
	$sudo apt-get update -q &&
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
} </dev/null >"$log" 2>&1; then
	rm -f "$log"
else
	tail -n 20 "$log"
	rm -f "$log"
fi
lacking=$(missing)
[ -z "$lacking" ] || by_hand 'the installation did not provide them'
