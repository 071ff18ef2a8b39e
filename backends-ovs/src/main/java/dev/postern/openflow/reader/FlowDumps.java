package dev.postern.openflow.reader;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.openflow.OpenFlow;
import dev.postern.target.Reader;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import java.util.List;
import java.util.Map;

/** What {@code postern prove} reads of a bridge of Open vSwitch. */
public final class FlowDumps implements Reader {

  private static final String FLOWS = "ovs-flows";

  @Override
  public String target() {
    return "ovs";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        FLOWS,
        "What `ovs-ofctl dump-flows <bridge>` prints, or flows.txt of postern compile.",
        true,
        false,
        List.of("ovs-ofctl", "-O", "OpenFlow14", "dump-flows", "br0")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Dump flows = dumps.getOrDefault(FLOWS, List.of()).get(0);
    try {
      return new Reading(
          FlowReader.read(flows.text(), flows.file(), OpenFlow.FIRST_TABLE),
          Contract.STRICT,
          List.of(),
          List.of());
    } catch (IllegalArgumentException problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }
}
