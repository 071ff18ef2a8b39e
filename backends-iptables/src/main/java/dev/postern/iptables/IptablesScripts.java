package dev.postern.iptables;

/** The scripts beside the rules. They work in the network namespace that they are run in, and hold no text from any manifest. */
final class IptablesScripts {

  private IptablesScripts() {}

  static final String APPLY = """
      #!/bin/sh
      # Makes the rules in this directory the ones in force. First the sets, which no rule in force looks up unless its members are the same;
      # then, for each family, all chains in one transaction: a packet meets the old rules or the new ones; then unused sets go.
      # Chains and sets that are not named POSTERN* and postern-* are not touched. Running it twice changes nothing.
      # IPTABLES=iptables-legacy and IP6TABLES=ip6tables-legacy choose the older kernel interface.
      set -eu
      cd "$(dirname "$0")"
      ipset="${IPSET:-ipset}"

      transaction() {
        # The hooks of before are taken away in the same transaction that puts ours first again, and so are chains that are gone.
        "$1-save" -t mangle | awk -v rules="$2" '
          $1 == "-A" && $NF == "POSTERN" { $1 = "-D"; unhook = unhook $0 "\\n" }
          /^:POSTERN[ -]/ { old[substr($1, 2)] = 1 }
          END {
            while ((getline line < rules) > 0) {
              if (line ~ /^:/) { name = line; sub(/^:/, "", name); sub(/ .*/, "", name); delete old[name] }
              if (line == "COMMIT") {
                for (name in old) print "-F " name
                for (name in old) print "-X " name
              }
              if (line ~ /^-I / && unhook != "") { printf "%s", unhook; unhook = "" }
              print line
            }
          }' | "$1-restore" -w 10 --noflush
      }

      # What an interrupted run left over.
      "$ipset" destroy postern- 2>/dev/null || true
      "$ipset" restore -exist < ipset.restore
      transaction "${IPTABLES:-iptables}" iptables.restore
      transaction "${IP6TABLES:-ip6tables}" ip6tables.restore
      "$ipset" list -n | awk '
        BEGIN { while ((getline line < "ipset.restore") > 0) if (split(line, word, " ") > 2 && word[1] == "create") ours[word[2]] = 1 }
        /^postern-/ && !($1 in ours) { print "destroy " $1 }' | "$ipset" restore
      """;

  static final String APPLY_DELTA = """
      #!/bin/sh
      # Turns the rules that were compiled before into the new ones: new sets, then for each family the chains that differ in one transaction,
      # then unused sets go. Fails where the rules in force are not those of before: then apply the whole artefact.
      set -eu
      cd "$(dirname "$0")"
      ipset="${IPSET:-ipset}"
      "$ipset" destroy postern- 2>/dev/null || true
      "$ipset" restore -exist < ipset.restore
      "${IPTABLES:-iptables}-restore" -w 10 --noflush < iptables.restore
      "${IP6TABLES:-ip6tables}-restore" -w 10 --noflush < ip6tables.restore
      "$ipset" restore < ipset.unused
      """;

  static final String REMOVE = """
      #!/bin/sh
      # Takes away the chains POSTERN*, the jumps to them and the sets postern-*, and nothing else. Running it twice does no harm.
      set -eu
      ipset="${IPSET:-ipset}"

      remove() {
        "$1-save" -t mangle | awk '
          BEGIN { print "*mangle" }
          $1 == "-A" && $NF == "POSTERN" { $1 = "-D"; print }
          /^:POSTERN[ -]/ { ours[substr($1, 2)] = 1 }
          END {
            for (name in ours) print "-F " name
            for (name in ours) print "-X " name
            print "COMMIT"
          }' | "$1-restore" -w 10 --noflush
      }

      remove "${IPTABLES:-iptables}"
      remove "${IP6TABLES:-ip6tables}"
      "$ipset" list -n | awk '/^postern-/ { print "destroy " $1 }' | "$ipset" restore
      """;
}
