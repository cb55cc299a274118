#!/usr/bin/env bash
# display.sh PREFIX BUNDLE PICTURE: runs BUNDLE's application in the Debian of PREFIX,
# with a display that nobody looks at. Takes its picture, closes its window, and then
# closes it five times while it writes; each time it has to end with 0.
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

# runs NAME COMMAND ARGUMENT...: starts the application, does COMMAND once it has said
# "drawn", closes its window, and wants it to end with 0.
runs() {
  local name=$1 command=$2 log=$shared/$1.log application status=0
  shift 2
  inside /app/flutter_notes "$@" >"$log" 2>&1 &
  application=$!
  waits_for drawn "$log" $application
  "$command"
  kill -TERM $application
  wait $application || status=$?
  grep -E '^(drawn|writing)' "$log" || true
  [[ $status -eq 0 ]] || { cat "$log"; echo "$name: it ended with $status"; exit 1; }
}

take_picture() {
  (inside import-im7.q16 -window root /shared/notes.png)
  cp "$shared/notes.png" "$picture"
}

runs picture take_picture /tmp/notes
for time in 1 2 3 4 5; do
  runs "quit-$time" true /tmp/notes --write
done
echo "closed five times while it wrote: it ended with 0 each time"
