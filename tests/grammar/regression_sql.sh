#!/usr/bin/env bash
# Compares our splitter with PostgreSQL's grammar over PostgreSQL's own regression SQL, which is fetched as a Debian
# source package and never kept here.
#
#   tests/grammar/regression_sql.sh COMPARE_SPLIT WORK_DIR      77 if the package cannot be fetched or unpacked
set -euo pipefail
compare_split=$(realpath "$1") work=$2

skip() { echo "skipped: $*"; exit 77; }

# Lists and packages of our own: those of the machine stay as they are, and it may have no source entries.
fetch() {
  local key=/usr/share/keyrings/debian-archive-keyring.gpg release archive own=("-o" "Dir::Etc::SourceList=$PWD/sources.list")
  own+=("-o" "Dir::Etc::SourceParts=/dev/null" "-o" "Dir::State::Lists=$PWD/lists" "-o" "Dir::Cache=$PWD/cache")
  own+=("-o" "APT::Sandbox::User=")
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -r "$key" ] && [ -n "$release" ] || skip "this is no Debian"
  # The archive this machine installs from.
  archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "Release: $release" |
    head -n 1)
  [ -n "$archive" ] || skip "apt knows no archive of $release"
  mkdir -p lists/partial cache/archives/partial
  echo "deb-src [signed-by=$key] $archive $release main" >sources.list
  apt-get "${own[@]}" -qq update >fetch.log 2>&1 || skip "Debian's package lists cannot be fetched"
  apt-get "${own[@]}" -qq source --download-only --tar-only postgresql-15 >>fetch.log 2>&1 ||
    skip "the source package postgresql-15 cannot be fetched"
}

mkdir -p "$work" && cd "$work"
command -v apt-get >/dev/null || skip "apt-get is not installed"
command -v bzip2 >/dev/null || skip "bzip2 is not installed"
if [ ! -d sql ]; then
  compgen -G 'postgresql-15_*.orig.tar.*' >/dev/null || fetch
  mkdir -p unpacked
  tar -xf postgresql-15_*.orig.tar.* -C unpacked --strip-components=1 --wildcards '*/sql/*.sql'
  mv unpacked sql
fi
"$compare_split" --at-least 30000 sql
