package dev.postern.openflow.reader;

import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract;
import dev.postern.openflow.OpenFlow;
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
        "What `ovs-ofctl --no-names dump-flows <bridge>` prints, or flows.txt of postern compile.",
        true,
        false,
        List.of("ovs-ofctl", "-O", "OpenFlow14", "--no-names", "dump-flows", "br0")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Dump flows = dumps.getOrDefault(FLOWS, List.of()).get(0);
    try {
      FlowReader.Reading read = FlowReader.read(flows.text(), flows.file(), OpenFlow.FIRST_TABLE);
      return Reading.of(read.rules(), contract(read));
    } catch (IllegalArgumentException problem) {
      return Reading.unreadable(String.valueOf(problem.getMessage()).lines().toList());
    }
  }

  private static Contract contract(FlowReader.Reading read) {
    Contract contract = Contract.STRICT;
    if (read.isBundle()) {
      contract = contract.waiving(
          "whether the bridge's own flows send all packets to table " + OpenFlow.FIRST_TABLE
              + ": they are not in this file",
          Condition.NEVER);
    }
    return read.portsMatter()
        ? contract.waiving(
            "which port a packet leaves by, and to which Ethernet address: a dump does not say what is behind them",
            Condition.NEVER)
        : contract;
  }
}
