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
        # In each table the hooks of before are taken away in the same transaction that puts ours first again, and so are chains that are gone.
        { "$1-save" -t filter; "$1-save" -t mangle; } | awk -v rules="$2" '
          function gone(table, key, part) {
            for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-F " part[2] }
            for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-X " part[2] }
          }
          /^\\*/ { table = substr($1, 2) }
          $1 == "-A" && ($NF == "POSTERN" || $NF == "POSTERN-LAST") { $1 = "-D"; unhook[table] = unhook[table] $0 "\\n" }
          /^:POSTERN[ -]/ { old[table, substr($1, 2)] = 1; ours[table] = 1 }
          END {
            while ((getline line < rules) > 0) {
              if (line ~ /^\\*/) { table = substr(line, 2); delete ours[table] }
              if (line ~ /^:/) { name = line; sub(/^:/, "", name); sub(/ .*/, "", name); delete old[table, name] }
              if (line == "COMMIT") gone(table)
              if (line ~ /^-I / && unhook[table] != "") { printf "%s", unhook[table]; unhook[table] = "" }
              print line
            }
            for (table in ours) { print "*" table; printf "%s", unhook[table]; gone(table); print "COMMIT" }
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
        { "$1-save" -t filter; "$1-save" -t mangle; } | awk '
          /^\\*/ { table = substr($1, 2) }
          $1 == "-A" && ($NF == "POSTERN" || $NF == "POSTERN-LAST") { $1 = "-D"; unhook[table] = unhook[table] $0 "\\n" }
          /^:POSTERN[ -]/ { ours[table] = 1; old[table, substr($1, 2)] = 1 }
          END {
            for (table in ours) {
              printf "*%s\\n%s", table, unhook[table]
              for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-F " part[2] }
              for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-X " part[2] }
              print "COMMIT"
            }
          }' |
          "$1-restore" -w 10 --noflush
      }

      remove "${IPTABLES:-iptables}"
      remove "${IP6TABLES:-ip6tables}"
      "$ipset" list -n | awk '/^postern-/ { print "destroy " $1 }' | "$ipset" restore
      """;
}
