#!/bin/sh
# install.sh [PREFIX]: pgpm from the archive at $PGPM_ARCHIVE, whose SHA-256 is $PGPM_SHA256, into /usr/local or PREFIX.
set -eu
prefix=${1:-/usr/local}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -fsSL "$PGPM_ARCHIVE" -o "$work/pgpm.tar.gz"
echo "$PGPM_SHA256  $work/pgpm.tar.gz" | sha256sum --check --quiet
mkdir -p "$prefix"
tar -xzf "$work/pgpm.tar.gz" -C "$prefix" --strip-components=1 --no-same-owner
"$prefix/bin/pgpm" --version
