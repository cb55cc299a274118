# Sourced by dartw and by the scripts in this folder.
# shellcheck shell=bash disable=SC2034

cache=${XDG_CACHE_HOME:-$HOME/.cache}/surrealdartb

# A toolchain folder exists only when it is complete. Its name changes with the
# way it is made, so that an older one is never taken for a newer one.
toolchain=$cache/dart-on-debian-1

say() { printf '%s: %s\n' "${speaker:-dartw}" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# need COMMAND DEBIAN_PACKAGE: makes sure that COMMAND can be run.
need() {
  command -v "$1" >/dev/null || install_debian_package "$2" "it provides $1"
}

install_debian_package() { # PACKAGE REASON
  local package=$1 reason=$2
  if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
    fail "install the package '$package' ($reason), then run the same command again."
  fi
  say "installing Debian's package '$package' ($reason) ..."
  # The lists may be missing or name a version that the archive has dropped.
  apt_install "$package" 2>/dev/null || { apt-get -qq update && apt_install "$package"; } ||
    fail "run 'apt-get update && apt-get install $package' ($reason), then run the same command again."
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$1" >/dev/null
}

# locked NAME MESSAGE: takes the lock NAME on file descriptor 9 and keeps it
# until `unlock` or the end of the process; says MESSAGE when it has to wait.
locked() {
  mkdir -p "$cache" || fail "make $cache writable, or set XDG_CACHE_HOME to a folder that is."
  exec 9>"$cache/$1.lock"
  if ! flock --nonblock 9; then
    say "$2"
    flock 9
  fi
}

unlock() { exec 9>&-; }
