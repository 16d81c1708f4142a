#!/bin/bash
# Runs a command on a lab's network as a root user whose home is HOME: ssh asks the list of users for it, not the environment.
# Usage: inside.sh LAB_PROCESS HOME COMMAND...     Every step becomes the next: the command keeps the id of this process.
set -eu
lab=$1 home=$2
shift 2
# shellcheck disable=SC2016  # read by the second shell
exec nsenter --net="/proc/$lab/ns/net" unshare --mount --propagation private sh -eu -c '
  awk -F: -v OFS=: -v home="$0" "\$3 == 0 { \$6 = home } 1" /etc/passwd >"$0/.passwd"
  mount --bind "$0/.passwd" /etc/passwd
  exec setpriv --pdeathsig KILL -- "$@"
' "$home" "$@"
