# Sourced: a private server of the script's own in $work, which is removed with it. Needs $pgpm, the program to use.
work=$(mktemp -d)
chmod 755 "$work"
export XDG_STATE_HOME=$work/state HOME=$work
trap '"$pgpm" local destroy --yes >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
"$pgpm" local start >/dev/null
eval "$("$pgpm" env --local)"
