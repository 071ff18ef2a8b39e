#!/bin/sh
# Takes Postern's program off every interface and its maps out of the BPF file system. Other programs and filters stay.
set -eu
pin=${POSTERN_PIN:-/sys/fs/bpf/postern}
for interface in $(ip -o link show | sed 's/^[0-9]*: \([^:@]*\).*/\1/'); do
  for hook in ingress egress; do
    if tc filter show dev "$interface" "$hook" 2> /dev/null | grep -Eq 'pref 49152 .*(from_pod|to_pod)'; then
      tc filter del dev "$interface" "$hook" prio 49152
    fi
  done
done
rm -rf "$pin"
