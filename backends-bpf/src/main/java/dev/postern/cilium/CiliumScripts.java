package dev.postern.cilium;

import java.util.Collection;

/** The scripts that fill maps from the batches. */
final class CiliumScripts {

  private CiliumScripts() {}

  private static final String APPLY = """
      #!/bin/sh
      # Makes maps of Cilium's layout and fills them from the batches beside this script. They are pinned by Postern, not by an agent:
      # an agent writes its own maps. Use them to try a layout, or to compare with what an agent's maps hold.
      #
      # POSTERN_PIN is the directory of the pins in the BPF file system, /sys/fs/bpf/postern-cilium by default.
      set -eu
      here=$(cd "$(dirname "$0")" && pwd)
      pin=${POSTERN_PIN:-/sys/fs/bpf/postern-cilium}
      command -v bpftool > /dev/null || { echo "apply.sh: error: bpftool is not installed" >&2; exit 2; }
      mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
      mkdir -p "$pin"
      fill() {
        rm -f "$pin/$1"
        bpftool map create "$pin/$1" type lpm_trie key "$2" value "$3" entries "$4" name "$5" flags 1
        [ ! -s "$here/$6" ] || sed "s|@pin@|$pin|" "$here/$6" | bpftool batch file - > /dev/null
      }
      """;

  static final String REMOVE = """
      #!/bin/sh
      # Removes the maps that apply.sh pinned.
      set -eu
      pin=${POSTERN_PIN:-/sys/fs/bpf/postern-cilium}
      rm -f "$pin"/policy-* "$pin/ipcache"
      rmdir "$pin" 2> /dev/null || true
      """;

  static String apply(Collection<String> endpoints, CiliumVersion version, int capacity) {
    StringBuilder text = new StringBuilder(APPLY);
    text.append("fill ipcache 24 ")
        .append(version.ipcacheValue())
        .append(" 512000 postern_ipcache ipcache.batch\n");
    for (String endpoint : endpoints) {
      text.append("fill ")
          .append(Cilium.pin(endpoint))
          .append(" 12 ")
          .append(version.policyValue())
          .append(' ')
          .append(capacity)
          .append(" postern_policy policy-")
          .append(endpoint)
          .append(".batch\n");
    }
    return text.toString();
  }
}
