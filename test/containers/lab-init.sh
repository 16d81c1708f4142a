#!/bin/bash
# The first process of a lab, in namespaces of its own for processes, mounts and the network: when it ends, the kernel ends
# everything that was started in the lab and takes its mounts and networks away. It ends when its standard input does, so with whoever
# started the lab, in whatever way that ends.
# Usage: lab-init.sh FOLDER NAME docker|podman CGROUPS     and then lines on standard input, each answered by one: start | stop | kill
# CGROUPS: 2, or "any": those of the machine
set -u
folder=$1 name=$2 kind=$3 cgroups=$4
# Engines leave sockets and locks at fixed places, this machine's own among them.
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
[ ! -d /etc/docker ] || mount -t tmpfs tmpfs /etc/docker
# Whoever started the lab may have its temporary files below one of these, where they are out of sight now.
mkdir "$folder/temporary"
export TMPDIR=$folder/temporary
if [ "$cgroups" = 2 ]; then
  umount -R /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
ip link set lo up
echo '{}' >"$folder/daemon.json"
# Where a process may not raise its limits, Podman must be told ones that hold; and crun, its usual runtime, gives up there.
cat >"$folder/containers.conf" <<END
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
tmp_dir = "/run/libpod"
[network]
network_config_dir = "$folder/networks"
END

begin_docker() {
  exec dockerd --config-file "$folder/daemon.json" --data-root "$folder/data" --exec-root /run/docker --pidfile /run/docker.pid \
    --host "unix://$folder/docker.sock" --cgroup-parent "/$name" --exec-opt native.cgroupdriver=cgroupfs
}

begin_podman() {
  CONTAINERS_CONF=$folder/containers.conf exec podman --root "$folder/data" --runroot /run/containers \
    system service --time 0 "unix://$folder/docker.sock"
}

engine=
while read -r order; do
  case $order in
  start)
    # It may be there already.
    [ -z "$engine" ] || ! kill -0 "$engine" 2>/dev/null || { echo "$order"; continue; }
    rm -f "$folder/docker.sock"
    "begin_$kind" >>"$folder/engine.log" 2>&1 </dev/null &
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
