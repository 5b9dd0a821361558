#!/bin/sh
# The browser tests drive Debian's chromium and need a font with Chinese characters; calls are tested
# against Debian's sipp, mailboxes against its dovecot.
set -u
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
if ! fc-list :lang=zh 2>/dev/null | grep -q .; then missing="$missing fonts-wqy-microhei"; fi
command -v sipp >/dev/null 2>&1 || missing="$missing sip-tester"
command -v dovecot >/dev/null 2>&1 || missing="$missing dovecot-imapd"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$missing"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq fontconfig $missing >/dev/null && exit 0
fi
echo "The tests need: $missing. Install them with: sudo apt install $missing" >&2
exit 1
