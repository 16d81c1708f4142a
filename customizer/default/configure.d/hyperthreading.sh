#!/bin/bash
# Switches hyper-threading off on compute nodes: most HPC codes run faster with one thread a core.
# $1 event (configure), $2 role (master or slave), $3 name of the cluster
set -eu

[ "$1" = configure ] && [ "$2" = slave ] || exit 0
control=/sys/devices/system/cpu/smt/control
if [ -w "$control" ]; then echo off >"$control"; fi
