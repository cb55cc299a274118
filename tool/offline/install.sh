#!/usr/bin/env bash
# Makes the folder $toolchain out of Debian's archive:
#   sdk/       the Dart SDK with the C library it needs, apart from the system's
#   packages/  the sources of package:test, hooks, ffi and the rest
#   web/       an empty package: the real one is only imported for browsers
# Nothing outside the cache folder changes. It is safe to interrupt at any
# point: the work happens in a temporary folder, renamed at the end.
set -euo pipefail
# shellcheck source=tool/offline/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=tool/offline/apt.sh
source "$(dirname "${BASH_SOURCE[0]}")/apt.sh"

[[ -n $(command -v apt-get) && -n $(command -v dpkg) ]] ||
  fail "install Dart 3.10 or newer and put it on PATH, then run the same command again (only Debian is set up automatically)."
arch=$(dpkg --print-architecture)
case $arch in
  amd64) triple=x86_64-linux-gnu ld=ld-linux-x86-64.so.2 ;;
  arm64) triple=aarch64-linux-gnu ld=ld-linux-aarch64.so.1 ;;
  *) fail "install Dart 3.10 or newer and put it on PATH, then run the same command again (Debian's archive has no Dart for $arch)." ;;
esac

find_archive

need flock util-linux
locked install "another dartw is installing Dart; waiting for it to finish ..."
[[ ! -d $toolchain ]] || exit 0 # the other one has done it
need patchelf patchelf
need xz xz-utils

say "installing Dart from Debian's archive into $toolchain, once (about 280 MB to download, 600 MB on disk, half a minute on a fast line) ..."
rm -rf "$cache"/tmp.*
tmp=$(mktemp -d "$cache/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The SDK is built against a C library newer than the system's, so its programs
# are pointed at one of their own. No environment variable is involved: what
# they start (cargo, cc) keeps the system's.
install_sdk() {
  local deb program
  apt-get -qq -y --no-install-recommends --download-only install dart-sdk >&2
  mkdir "$tmp/new/sdk"
  for deb in "$tmp"/apt/archives/*.deb; do
    dpkg -x "$deb" "$tmp/new/sdk"
  done
  for program in dart dartvm dartaotruntime utils/gen_snapshot; do
    patchelf \
      --set-interpreter "$toolchain/sdk/usr/lib/$triple/$ld" \
      --set-rpath "$toolchain/sdk/usr/lib/$triple" \
      "$tmp/new/sdk/usr/lib/dart/bin/$program"
  done
}

# Debian has no Dart packages, but the SDK's source carries the ones we need.
install_packages() {
  local uri file size sum
  read -r uri file size sum <<<"$(apt-get -qq source --print-uris dart-sdk 2>/dev/null | grep -F .orig.tar.xz)"
  [[ $sum == SHA256:* ]]
  uri=${uri//\'/}
  say "downloading $file ($((size / 1000000)) MB) ..."
  /usr/lib/apt/apt-helper -qq download-file "$uri" "$tmp/$file" "$sum" >&2
  mkdir "$tmp/new/packages"
  tar --extract --file "$tmp/$file" --directory "$tmp/new/packages" --strip-components 1 --wildcards \
    '*/pkg/*/pubspec.yaml' '*/pkg/*/lib/*' '*/pkg/*/bin/*'
  mkdir -p "$tmp/new/web/lib"
  printf 'name: web\nversion: 1.1.1\nenvironment:\n  sdk: ^3.4.0\n' >"$tmp/new/web/pubspec.yaml"
}

set -o errtrace
trap 'fail "Dart could not be installed: see the message above, check that apt reaches the archive and that the disk has room, then run the same command again."' ERR
mkdir "$tmp/new"
make_private_apt_root "$tmp/apt" "$uri"
install_sdk
install_packages
trap - ERR
mv -T "$tmp/new" "$toolchain"
say "Dart $(cat "$toolchain/sdk/usr/lib/dart/version") is ready."
