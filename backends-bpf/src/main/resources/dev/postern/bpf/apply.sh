#!/bin/sh
# Loads Postern's program if it is not there, fills a new pair of tries and switches to it at once, and attaches the program to the
# interfaces given: the host's ends of pods' veth pairs. Run it again after every change; without interfaces it only updates.
#
#   ./apply.sh [interface ...]
#
# POSTERN_PIN is the directory of the pins in the BPF file system, /sys/fs/bpf/postern by default.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pin=${POSTERN_PIN:-/sys/fs/bpf/postern}
for tool in bpftool tc clang; do
  command -v "$tool" > /dev/null || { echo "apply.sh: error: $tool is not installed" >&2; exit 2; }
done
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -e "$pin/prog/from_pod" ]; then
  clang -O2 -g -target bpf -I"/usr/include/$(uname -m)-linux-gnu" -c "$here/postern.c" -o "$work/postern.o"
  mkdir -p "$pin"
  bpftool prog loadall "$work/postern.o" "$pin/prog" pinmaps "$pin/maps"
fi

now=$(bpftool -j map lookup pinned "$pin/maps/generation" key 0 0 0 0 | sed -n 's/.*"value":\["0x0\([01]\)".*/\1/p')
next=$((1 - now))

# A slot that nobody reads is filled whole before anybody does.
rm -f "$pin/identities" "$pin/policy" "$pin"/second-* "$pin"/at-*
bpftool map create "$pin/identities" type lpm_trie key 24 value 16 entries @room@ name postern_ids flags 1
bpftool map create "$pin/policy" type lpm_trie key 16 value 4 entries @room@ name postern_policy flags 1
for map in identities policy; do
  sed "s|@pin@|$pin|" "$here/$map.batch" > "$work/$map.batch"
  [ ! -s "$work/$map.batch" ] || bpftool batch file "$work/$map.batch" > /dev/null
done
bpftool map update pinned "$pin/maps/identity_slots" key "$next" 0 0 0 value pinned "$pin/identities"
bpftool map update pinned "$pin/maps/policy_slots" key "$next" 0 0 0 value pinned "$pin/policy"
bpftool map update pinned "$pin/maps/generation" key 0 0 0 0 value "$next" 0 0 0
bpftool map create "$pin/at-@digest@" type array key 4 value 4 entries 1 name postern_at

for interface in "$@"; do
  tc qdisc add dev "$interface" clsact 2> /dev/null || tc qdisc show dev "$interface" | grep -q clsact
  tc filter replace dev "$interface" ingress protocol all prio 49152 handle 1 bpf direct-action object-pinned "$pin/prog/from_pod"
  tc filter replace dev "$interface" egress protocol all prio 49152 handle 1 bpf direct-action object-pinned "$pin/prog/to_pod"
done
