#!/usr/bin/env bash
# display.sh PREFIX BUNDLE PICTURE: runs BUNDLE's application in the Debian of PREFIX,
# with a display that nobody looks at. Takes its picture, closes its window, and then
# closes it three times while it writes; each time it has to end with 0.
#
# It is run with mounts, processes and sockets of its own (unshare), which end with it.
set -euo pipefail
prefix=$1 bundle=$2 picture=$3
shared=$(mktemp -d)
trap 'rm -rf "$shared"' EXIT

mkdir -p "$prefix"/{proc,dev,tmp,app,shared}
for folder in proc dev; do mount --rbind "/$folder" "$prefix/$folder"; done
mount -t tmpfs none "$prefix/tmp"
mount --bind "$bundle" "$prefix/app"
mount --bind "$shared" "$prefix/shared"

# Does not return: what runs is the process that is waited for, or sent a signal.
inside() {
  exec env -i HOME=/tmp PATH=/usr/bin DISPLAY=:7 LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 GSETTINGS_BACKEND=memory \
    "$(command -v chroot)" "$prefix" "$@"
}

# waits_for TEXT FILE PROCESS [LOG]: until TEXT stands in FILE, as long as PROCESS lives.
waits_for() {
  until grep -qs "$1" "$2"; do
    kill -0 "$3" 2>/dev/null || { cat "${4-$2}"; echo "it ended before it said: $1"; exit 1; }
    sleep 0.05
  done
}

inside Xvfb :7 -screen 0 1000x620x24 -displayfd 5 5>"$shared/display" >"$shared/xvfb.log" 2>&1 &
waits_for 7 "$shared/display" $! "$shared/xvfb.log"

# looks_like WANTED: takes pictures of the display until one has WANTED ("something" or
# "nothing") on it. What an application says to have drawn is there some time later.
looks_like() {
  local wanted=$1 colours=
  until [[ $wanted == something && $colours -gt 20 || $wanted == nothing && $colours && $colours -lt 3 ]]; do
    colours=$(look %k)
  done
}

# Takes a picture, and gives its FORMAT.
look() { # FORMAT
  (inside import-im7.q16 -window root /shared/notes.png)
  (inside identify-im7.q16 -format "$1" /shared/notes.png)
}

# runs COMMAND ARGUMENT...: starts the application, does COMMAND once it is on the display,
# closes its window, and wants it to end with 0.
runs() {
  local command=$1 log=$shared/log application status=0
  shift
  inside /app/flutter_notes "$@" >"$log" 2>&1 &
  application=$!
  waits_for drawn "$log" $application
  looks_like something
  "$command"
  kill -TERM $application
  wait $application || status=$?
  grep '^drawn' "$log"
  [[ $status -eq 0 ]] || { cat "$log"; echo "it ended with $status"; exit 1; }
  looks_like nothing
}

# With the first note open: when the picture has become another one, and stays so.
show() {
  local before now= last=none
  before=$(look %#)
  (inside xdotool mousemove 150 140 click 1)
  until [[ $now == "$last" && $now != "$before" ]]; do
    last=$now
    now=$(look %#)
  done
  cp "$shared/notes.png" "$picture"
}

runs show /tmp/notes
for _ in 1 2 3; do runs true /tmp/notes --write; done
echo "closed three times while it wrote: it ended with 0 each time"
