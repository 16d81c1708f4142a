#!/bin/bash
# Installs Debian packages on every node. Runs as root when a node starts.
# $1 event (configure), $2 role (master or slave), $3 name of the cluster
set -eu

# Names of packages, separated by blanks; leave it empty to install nothing.
packages=""

[ "$1" = configure ] || exit 0
[ -n "$packages" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # one word a package is what is wanted
apt-get -qq update && apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages
