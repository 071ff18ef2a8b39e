package dev.postern.ovn.read;

import dev.postern.cluster.Cluster;
import dev.postern.ovn.Ovn;
import dev.postern.ovn.OvnOptions;
import dev.postern.target.Reader;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import java.util.List;
import java.util.Map;

/** What {@code postern prove} reads of an OVN network; ports that tell no address are taken to be named as OVN-Kubernetes names them. */
public final class NorthboundDumps implements Reader {

  private static final String NORTHBOUND = "ovn-nb";

  @Override
  public String target() {
    return "ovn";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        NORTHBOUND,
        "What `ovsdb-client dump -f json <server> OVN_Northbound` or `ovsdb-client backup` prints, or transaction.json of postern compile.",
        true,
        false,
        List.of(
            "ovsdb-client",
            "dump",
            "-f",
            "json",
            "unix:/var/run/ovn/ovnnb_db.sock",
            "OVN_Northbound")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Dump database = dumps.getOrDefault(NORTHBOUND, List.of()).get(0);
    Ports named = Ports.of(cluster, OvnOptions.DEFAULT.portName());
    try {
      NorthboundReader.Reading reading =
          NorthboundReader.read(database.text(), database.file(), named);
      return new Reading(reading.rules(), Ovn.contract(), List.of(), reading.problems());
    } catch (IllegalArgumentException problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }
}
