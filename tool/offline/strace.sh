#!/usr/bin/env bash
# strace.sh: makes sure that strace can be run, which a test uses to see what
# RocksDB asks of the operating system.
set -euo pipefail
# shellcheck source=tool/offline/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need strace strace
