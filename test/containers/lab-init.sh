#!/bin/bash
# The first process of a lab, in namespaces of its own for processes, mounts and the network: when it ends, the kernel ends
# everything that was started in the lab and takes its mounts and networks away. It ends when its standard input does, so with whoever
# started the lab, in whatever way that ends.
# Usage: lab-init.sh FOLDER NAME     and then lines on standard input, each answered by one: start | stop | kill
set -u
folder=$1 name=$2
# Engines leave sockets and locks at fixed places, this machine's own among them.
mount -t tmpfs tmpfs /run
[ ! -d /etc/docker ] || mount -t tmpfs tmpfs /etc/docker
ip link set lo up
echo '{}' >"$folder/daemon.json"
engine=
while read -r order; do
  case $order in
  start)
    # It may be there already.
    [ -z "$engine" ] || ! kill -0 "$engine" 2>/dev/null || { echo "$order"; continue; }
    rm -f "$folder/docker.sock"
    dockerd --config-file "$folder/daemon.json" --data-root "$folder/data" --exec-root /run/docker --pidfile /run/docker.pid \
      --host "unix://$folder/docker.sock" --cgroup-parent "/$name" --exec-opt native.cgroupdriver=cgroupfs \
      >>"$folder/dockerd.log" 2>&1 </dev/null &
    engine=$!
    ;;
  stop)
    kill -TERM "$engine"
    wait "$engine"
    engine=
    ;;
  kill)
    # As if it had crashed: what runs in its containers runs on.
    kill -KILL "$engine"
    { wait "$engine"; } 2>/dev/null
    rm -f /run/docker.pid
    engine=
    ;;
  esac
  echo "$order"
done
