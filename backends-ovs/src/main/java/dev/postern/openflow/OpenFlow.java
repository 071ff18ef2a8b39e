package dev.postern.openflow;

import dev.postern.backend.Backend;
import dev.postern.backend.Draft;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.backend.Script;
import dev.postern.lowering.PeerAddresses;
import dev.postern.lowering.PolicedPods;
import dev.postern.plan.Plan;
import java.util.List;
import java.util.Map;

/** Plain Open vSwitch: turns a plan into flows of eight tables that a bridge's own pipeline sends its packets through. */
public final class OpenFlow implements Backend {

  /** The file of flows, as {@code ovs-ofctl --bundle add-flows} takes it. */
  public static final String FLOWS = "flows.txt";

  /** The cookie that marks Postern's flows: {@code postern} in ASCII. */
  public static final String COOKIE = "0x706f737465726e";

  /** The first table by default. */
  public static final int FIRST_TABLE = 100;

  /** Adding a flow replaces one with the same table, priority and match, whoever made it; in our tables, others would change what is enforced. */
  private static final String OTHERS = """
      output flows ovs-ofctl -O OpenFlow14 --no-names dump-flows "$bridge"
      awk '
        match($0, /^ *cookie=0x[0-9a-f]+,/) {
          cookie = substr($0, RSTART, RLENGTH)
          sub(/^ *cookie=/, "", cookie)
          table = 0
          if (match($0, / table=[0-9]+,/)) table = substr($0, RSTART + 7, RLENGTH - 8) + 0
          if (cookie == "%1$s," || table < %2$d || table > %3$d) next
          if (table < %3$d || / priority=0 actions=/) print
        }' "$work/flows" > "$work/others"
      if [ -s "$work/others" ]; then
        sed 's/^/  /' "$work/others" >&2
        fail "flows of others are in tables %2$d to %3$d of $bridge, nothing was changed (hint: move them to other tables)"
      fi
      """;

  private static final String ADD =
      "ovs-ofctl -O OpenFlow14 --bundle add-flows \"$bridge\" " + FLOWS + "\n";

  private final PolicedPods.Unaddressed unaddressed;
  private final int firstTable;

  /**
   * Flows in these tables.
   *
   * @param unaddressed what to do with pods without an address
   * @param firstTable the first of eight tables, 1..246
   * @throws IllegalArgumentException if the tables would not fit
   */
  public OpenFlow(PolicedPods.Unaddressed unaddressed, int firstTable) {
    if (firstTable < 1 || firstTable + FlowTables.COUNT > 254) {
      throw new IllegalArgumentException(
          "the first table is 1 to " + (254 - FlowTables.COUNT) + ", not " + firstTable);
    }
    this.unaddressed = unaddressed;
    this.firstTable = firstTable;
  }

  public static OpenFlow backend() {
    return new OpenFlow(PolicedPods.Unaddressed.REFUSE, FIRST_TABLE);
  }

  @Override
  public String target() {
    return "ovs";
  }

  @Override
  public Draft draft(Plan plan, Scope scope) throws Refusal {
    PolicedPods policed = PolicedPods.of(plan, scope, unaddressed);
    PeerAddresses where = PeerAddresses.of(plan);
    if (!where.conflicts().isEmpty()) {
      throw new Refusal(where.conflicts());
    }
    FlowTables tables = new FlowTables(firstTable);
    List<String> flows = new FlowLayout(plan, policed, where, tables).flows();
    StringBuilder text = new StringBuilder("delete cookie=" + COOKIE + "/-1\n");
    flows.forEach(flow -> text.append("add ").append(flow).append('\n'));
    Map<String, Script> scripts = Map.of(
        "apply.sh",
        script(
                "Puts these flows in the place of all earlier ones of Postern's, all or none. Every other flow stays as it is: where one is in\n"
                    + "our tables, and not above our only flow of the last, nothing is changed.",
                OTHERS.formatted(COOKIE, tables.first(), tables.onward()) + ADD)
            .reading(),
        "remove.sh",
        script(
            "Takes all flows of Postern's away, and no others.",
            "ovs-ofctl -O OpenFlow14 --bundle del-flows \"$bridge\" cookie=" + COOKIE + "/-1\n"));
    String summary = "Open vSwitch: " + flows.size() + " flows in tables " + tables.first() + " to "
        + tables.onward() + "; packets enter by `resubmit(," + tables.first()
        + ")` and leave for table " + tables.onward()
        + ", which forwards them as a switch does\n";
    return Draft.of(target(), Map.of(FLOWS, text.toString()), scripts, summary);
  }

  private static Script script(String says, String commands) {
    return Script.of(
        says + "\nusage: apply.sh or remove.sh [bridge]   (default: $OVS_BRIDGE, or br0)",
        "need ovs-ofctl awk sed\nbridge=${1:-${OVS_BRIDGE:-br0}}\n" + commands);
  }
}
