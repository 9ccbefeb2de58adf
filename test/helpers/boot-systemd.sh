#!/bin/bash
# Starts systemd as the first process of namespaces of its own, over a copy-on-write view of this system, with the units in $TREE
# alone. Run by systemd-machine.ts through `unshare`; nothing outside $SHARE outlives it.
set -eu
root=$BASE/root
mount -t tmpfs tmpfs "$BASE"
mkdir "$BASE"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$BASE/upper,workdir=$BASE/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs run "$root/run"
mount -t tmpfs tmp "$root/tmp" && chmod 1777 "$root/tmp"

# What PrivateDevices= of a unit asks for.
mount -t tmpfs dev "$root/dev"
mkdir "$root"/dev/{shm,pts,mqueue,hugepages}
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for node in null zero full random urandom tty; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done

# The sources, and Node in the place of the packaged agent.
for path in "$REPOSITORY" "$SHARE"; do
  mkdir -p "$root$path"
  mount --rbind "$path" "$root$path"
done
touch "$root/usr/bin/cutoff-agent"
mount --bind "$NODE" "$root/usr/bin/cutoff-agent"

# None of this system's own services.
rm -rf "$root"/etc/systemd/system/* "$root"/var/lib/cutoff*
for target in sysinit basic; do
  printf '[Unit]\nDefaultDependencies=no\n' >"$root/etc/systemd/system/$target.target"
  mount -t tmpfs none "$root/lib/systemd/system/$target.target.wants" 2>/dev/null || true
done
cp -r "$TREE/." "$root"
chmod 755 "$root/usr/lib/cutoff/cutoff-hand-out"
# The machine's own network: its loopback.
ip link set lo up

# The view becomes the root itself, as on a real machine: paths of programs are told from there.
mkdir "$root/old"
cd "$root"
pivot_root . old
umount -l /old
rmdir /old
systemd-sysusers /usr/lib/sysusers.d/cutoff.conf
systemd-tmpfiles --create /usr/lib/tmpfiles.d/cutoff.conf
export container=cutoff-test
exec /lib/systemd/systemd --system --unit=cutoff-test.target --log-target=null
