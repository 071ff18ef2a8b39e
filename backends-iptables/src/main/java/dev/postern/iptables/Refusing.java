package dev.postern.iptables;

import dev.postern.net.Family;
import java.util.List;

/**
 * How denied packets are refused. The kernel lets only rules of the filter table refuse, and ours are in mangle: so a denied packet is marked
 * there and leaves the table at once, and a rule in front of the filter table's refuses what is so marked. If somebody's rule accepts it before
 * ours sees it, the last hook of mangle drops it.
 *
 * @param field bits of the mark; all of them set means refused
 */
record Refusing(MarkField field) {

  private String marked() {
    return "-m mark --mark " + MarkField.hex(field.mask()) + "/" + MarkField.hex(field.mask());
  }

  /** Adds what the mangle table needs. */
  void mark(Chains chains) {
    String bits = MarkField.hex(field.mask());
    chains.add(Chains.REFUSE, "-j MARK --set-xmark " + bits + "/" + bits);
    chains.add(Chains.REFUSE, "-j ACCEPT");
    chains.add(Chains.LAST, marked() + " -j DROP");
  }

  /** What the filter table needs. */
  String table(Family family, List<IptablesHook> hooks) {
    String prohibited = family == Family.IPV4 ? "icmp-admin-prohibited" : "icmp6-adm-prohibited";
    Chains chains = new Chains();
    chains.add(Chains.MAIN, marked() + " -g " + Chains.REFUSE);
    chains.add(Chains.REFUSE, "-p tcp -j REJECT --reject-with tcp-reset");
    chains.add(Chains.REFUSE, "-j REJECT --reject-with " + prohibited);
    StringBuilder out = new StringBuilder("*filter\n").append(chains.text());
    hooks.forEach(hook -> out.append(hook.inFilter()));
    return out.append("COMMIT\n").toString();
  }
}
