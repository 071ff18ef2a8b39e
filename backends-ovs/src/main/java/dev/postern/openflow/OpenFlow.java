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

  private final PolicedPods.Unaddressed unaddressed;
  private final int firstTable;

  /**
   * Flows in these tables.
   *
   * @param unaddressed what to do with pods without an address
   * @param firstTable the first of eight tables, 1..246
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
                "Puts these flows in the place of all earlier ones of Postern's, all or none. Every other flow stays as it is.",
                "--bundle add-flows \"$bridge\" " + FLOWS)
            .reading(),
        "remove.sh",
        script(
            "Takes all flows of Postern's away, and no others.",
            "--bundle del-flows \"$bridge\" cookie=" + COOKIE + "/-1"));
    String summary = "Open vSwitch: " + flows.size() + " flows in tables " + tables.first() + " to "
        + tables.onward() + "; packets enter by `resubmit(," + tables.first()
        + ")` and leave for table " + tables.onward()
        + ", which forwards them as a switch does\n";
    return Draft.of(target(), Map.of(FLOWS, text.toString()), scripts, summary);
  }

  private static Script script(String says, String command) {
    return Script.of(
        says + "\nusage: apply.sh or remove.sh [bridge]   (default: $OVS_BRIDGE, or br0)",
        "need ovs-ofctl\nbridge=${1:-${OVS_BRIDGE:-br0}}\novs-ofctl -O OpenFlow14 " + command
            + "\n");
  }
}
