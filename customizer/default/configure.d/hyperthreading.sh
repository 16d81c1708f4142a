#!/bin/bash
# Switches hyper-threading off on compute nodes: most HPC codes run faster with one thread a core.
# $1 event (configure), $2 role (master or slave), $3 name of the cluster
set -eu

[ "$1" = configure ] && [ "$2" = slave ] || exit 0

# A container shares the processors of its machine: they are not this cluster's to switch.
if [ -e /.dockerenv ] || [ -e /run/.containerenv ]; then
  echo "this node is a container: hyper-threading stays as it is"
  exit 0
fi

control=/sys/devices/system/cpu/smt/control
case $(cat "$control" 2>/dev/null) in
  on) echo off >"$control" ;;
  *) echo "no hyper-threading to switch off" ;;
esac
