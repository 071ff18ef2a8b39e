package dev.postern.aws;

import java.util.List;

/** The scripts that fill maps from the batches. */
final class AwsScripts {

  private AwsScripts() {}

  private static final String APPLY = """
      #!/bin/sh
      # Makes maps of the AWS network policy agent's layout and fills them from the batches beside this script. They are pinned by Postern,
      # not by an agent: an agent writes its own maps. Use them to try a layout, or to compare with what an agent's maps hold.
      #
      # POSTERN_PIN is the directory of the pins in the BPF file system, /sys/fs/bpf/postern-aws by default.
      set -eu
      here=$(cd "$(dirname "$0")" && pwd)
      pin=${POSTERN_PIN:-/sys/fs/bpf/postern-aws}
      command -v bpftool > /dev/null || { echo "apply.sh: error: bpftool is not installed" >&2; exit 2; }
      mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
      mkdir -p "$pin"
      fill() {
        rm -f "$pin/$1"
        bpftool map create "$pin/$1" type "$3" key "$4" value "$5" entries "$6" name postern_aws flags 1
        [ ! -s "$here/$2" ] || sed "s|@pin@|$pin|" "$here/$2" | bpftool batch file - > /dev/null
      }
      """;

  static final String REMOVE = """
      #!/bin/sh
      # Removes the maps that apply.sh pinned.
      set -eu
      pin=${POSTERN_PIN:-/sys/fs/bpf/postern-aws}
      rm -f "$pin"/*_map
      rmdir "$pin" 2> /dev/null || true
      """;

  static String apply(List<Aws.Shape> maps) {
    StringBuilder text = new StringBuilder(APPLY);
    for (Aws.Shape map : maps) {
      text.append("fill %s %s.batch %s %d %d %d\n"
          .formatted(map.pin(), map.name(), map.type(), map.key(), map.value(), map.entries()));
    }
    return text.toString();
  }
}
