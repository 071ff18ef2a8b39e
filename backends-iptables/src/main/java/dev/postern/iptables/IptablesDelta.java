package dev.postern.iptables;

import dev.postern.net.Family;
import dev.postern.target.Artifact;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The difference of two sets of rules in force, as an artefact. */
final class IptablesDelta {

  private IptablesDelta() {}

  static Artifact between(IptablesRules before, IptablesRules after) {
    Map<String, String> files = new TreeMap<>();
    files.put(Iptables.SETS, after.sets().write(before.sets().names()));
    files.put(Iptables.RULES_4, chains(before.chains(Family.IPV4), after.chains(Family.IPV4)));
    files.put(Iptables.RULES_6, chains(before.chains(Family.IPV6), after.chains(Family.IPV6)));
    TreeSet<String> gone = new TreeSet<>(before.sets().names());
    gone.removeAll(after.sets().names());
    StringBuilder unused = new StringBuilder();
    gone.forEach(set -> unused.append("destroy ").append(set).append('\n'));
    files.put("ipset.unused", unused.toString());
    files.put("apply.sh", IptablesScripts.APPLY_DELTA);
    TreeSet<String> fresh = new TreeSet<>(after.sets().names());
    fresh.removeAll(before.sets().names());
    String summary =
        "sets made                   " + fresh.size() + "\nsets taken away             "
            + gone.size() + "\nIPv4 chains changed         "
            + after
                .chains(Family.IPV4)
                .changedSince(before.chains(Family.IPV4))
                .names()
                .size()
            + "\nIPv6 chains changed         "
            + after
                .chains(Family.IPV6)
                .changedSince(before.chains(Family.IPV6))
                .names()
                .size() + "\n";
    files.put("summary.txt", summary);
    return new Artifact("iptables", new TreeMap<>(files), summary);
  }

  /** Declaring a chain empties it, in the same transaction that fills it again. */
  private static String chains(Chains before, Chains after) {
    StringBuilder out =
        new StringBuilder("*mangle\n").append(after.changedSince(before).text());
    TreeSet<String> gone = new TreeSet<>(before.names());
    gone.removeAll(after.names());
    gone.forEach(chain -> out.append("-F ").append(chain).append('\n'));
    gone.forEach(chain -> out.append("-X ").append(chain).append('\n'));
    return out.append("COMMIT\n").toString();
  }
}
