# Sourced by the scripts that take programs out of Debian's archive.
# shellcheck shell=bash

# The suite with the newest Dart and Flutter.
suite=sid
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# shellcheck disable=SC2016 # the fields are apt's, not the shell's
# The address that the system itself uses for Debian's archive.
archive_uri() {
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" && !uri { uri = $3 } END { print uri }'
}

# find_archive: sets `uri` to that address; fails with a sentence when there is none.
find_archive() {
  uri=$(archive_uri)
  if [[ -z $uri && $EUID -eq 0 ]]; then # the lists were cleared, as in container images
    say "running apt-get update, to learn the address of Debian's archive ..."
    apt-get -qq update >&2 || true
    uri=$(archive_uri)
  fi
  [[ -n $uri ]] ||
    fail "run 'apt-get update' as root with Debian's archive in the apt sources, then run the same command again."
}

# make_private_apt_root FOLDER URI: an apt root with the system's settings (proxies, for
# one) without its sources, its state and its hooks; apt uses it from here on.
make_private_apt_root() {
  local folder=$1 uri=$2
  mkdir -p "$folder"/{lists/partial,archives/partial}
  : >"$folder/status" # nothing is installed: everything comes along
  printf '%s [signed-by=%s] %s %s main\n' \
    deb "$keyring" "$uri" "$suite" deb-src "$keyring" "$uri" "$suite" >"$folder/sources.list"
  apt-config dump |
    grep -vE '^(Dir|[^ ]*Invoke|Acquire::IndexTargets|Acquire::Languages)' >"$folder/apt.conf"
  cat >>"$folder/apt.conf" <<CONF
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$folder";
Dir::State::Status "$folder/status";
Dir::Cache "$folder";
Acquire::Languages "none";
APT::Sandbox::User "$(id -un)";
CONF
  export APT_CONFIG=$folder/apt.conf
  apt-get -qq update >&2
}
