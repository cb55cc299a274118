# Sourced by tool/flutter and by the scripts in this folder, after ../common.sh.
# shellcheck shell=bash disable=SC2034

# A folder exists only when it is complete. Its name changes with the scripts that make it.
flutter=$cache/flutter-on-debian-$(cat "$root"/tool/offline/{apt.sh,flutter/install.sh} | sha256sum | cut -c1-12)

# A small Debian of its own: Flutter, what it needs, and a display that nobody looks at.
prefix=$flutter/debian
triple=x86_64-linux-gnu
flutter_engine=$prefix/usr/lib/flutter-engine/linux-x64
