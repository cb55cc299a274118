#!/usr/bin/env bash
# Makes the folder $flutter out of Debian's archive: Flutter without its command (which
# Debian does not have), GTK, Xvfb and ImageMagick. Nothing outside the cache folder
# changes. It is safe to interrupt at any point: the work happens in a temporary folder,
# renamed at the end.
set -euo pipefail
speaker=tool/flutter
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# shellcheck source=tool/offline/common.sh
source "$root/tool/offline/common.sh"
# shellcheck source=tool/offline/apt.sh
source "$root/tool/offline/apt.sh"
# shellcheck source=tool/offline/flutter/common.sh
source "$root/tool/offline/flutter/common.sh"

packages=(
  flutter flutter-test sky-engine                         # the Dart sources
  flutter-engine-tools flutter-patched-sdk flutter-tester # compilers, and what runs tests
  libflutter-linux-gtk libegl1 libgles2                   # what runs applications
  xvfb libgl1-mesa-dri imagemagick xdotool dash           # a display, its picture, its mouse
  fonts-roboto-unhinted
)

[[ -n $(command -v apt-get) && $(dpkg --print-architecture) == amd64 ]] ||
  fail "install Flutter and use its own command (it is set up automatically only on Debian amd64)."
find_archive
need flock util-linux
locked flutter "another tool/flutter is installing Flutter; waiting for it to finish ..."
[[ ! -d $flutter ]] || exit 0 # the other one has done it
need patchelf patchelf

rm -rf "$cache"/flutter.tmp.*
tmp=$(mktemp -d "$cache/flutter.tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
set -o errtrace
trap 'fail "Flutter could not be installed: see the message above, check that apt reaches the archive and that the disk has room, then run the same command again."' ERR

say "1/3 downloading Flutter from Debian's archive, once (about 170 MB; 700 MB on disk in $cache) ..."
make_private_apt_root "$tmp/apt" "$uri"
apt-get -qq -y --no-install-recommends --download-only install "${packages[@]}" >&2

say "2/3 unpacking ..."
new=$tmp/new/debian
mkdir -p "$new"/usr/{bin,sbin,lib,lib64}
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$new/$folder"; done
for deb in "$tmp"/apt/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" |
    tar --extract --directory "$new" --keep-directory-symlink \
      --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
done

say "3/3 pointing its programs at their own C library ..."
# Without --force-rpath what these libraries need themselves is not found.
for program in linux-x64/{flutter_tester,impellerc} linux-x64{,-release}/gen_snapshot; do
  patchelf --set-interpreter "$prefix/usr/lib64/ld-linux-x86-64.so.2" \
    --force-rpath --set-rpath "$prefix/usr/lib/$triple" "$new/usr/lib/flutter-engine/$program"
done

# What pub and the analyzer take for Flutter's own folder.
sdk=$tmp/new/sdk
packages_below=debian/usr/share/dart/packages
version=$(dpkg-deb --field "$tmp"/apt/archives/flutter_*.deb Version)
version=${version%%+*}
mkdir -p "$sdk/packages" "$sdk/bin/cache/pkg"
ln -s ../../$packages_below/{flutter,flutter_test} "$sdk/packages"
ln -s ../../../../$packages_below/sky_engine "$sdk/bin/cache/pkg"
echo "$version" >"$sdk/version"
printf '{"frameworkVersion": "%s", "flutterVersion": "%s"}\n' "$version" "$version" >"$sdk/bin/cache/flutter.version.json"
trap - ERR
rm -rf "$cache"/flutter-on-debian-*
mv -T "$tmp/new" "$flutter"
say "Flutter $version is ready."
