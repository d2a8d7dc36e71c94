#!/bin/sh
# Install the system packages named, when they are missing and this user may; else say how.
missing=""
for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive $command -qq >/dev/null && exit 0
fi
echo "These system packages are missing. Run this, then try again:" >&2
echo "    sudo $command" >&2
exit 1
