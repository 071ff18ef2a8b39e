package dev.postern.ovn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks ovn-trace what OVN's logical flows do with a packet. It reads the southbound database once, when it starts. */
final class OvnTrace implements AutoCloseable {

  private static final AtomicInteger STARTED = new AtomicInteger();
  private static final int MOST_TRACKED = 1000;
  private static final int OPENED_FROM = 49152;

  private final OvsdbClient control;
  private final long pid;
  private final Map<Address, String> portOf = new HashMap<>();
  private final Map<String, String> macOf = new HashMap<>();

  /** One for which every connection is new. */
  OvnTrace(OvnLab lab, Cluster cluster) throws IOException {
    this(lab, cluster, "new");
  }

  /** One for which conntrack says this of every packet. */
  OvnTrace(OvnLab lab, Cluster cluster, String connection) throws IOException {
    String name = "trace" + STARTED.incrementAndGet();
    Path socket = lab.directory.resolve(name + ".ctl");
    Path pidFile = lab.directory.resolve(name + ".pid");
    List<String> command = new ArrayList<>(List.of(
        "ovn-trace",
        "--db=" + lab.remote("sb"),
        "--detach",
        "--unixctl=" + socket,
        "--pidfile=" + pidFile,
        "-vconsole:off"));
    // One is used up by each ct_next of each trace; without one left it takes the connection for
    // established, in the direction in which it was opened.
    for (int i = 0; i < MOST_TRACKED; i++) {
      command.add("--ct=" + connection);
    }
    lab.run(command.toArray(String[]::new));
    pid = Long.parseLong(Files.readString(pidFile).trim());
    control = OvsdbClient.connect(Remote.parse("unix:" + socket), Optional.empty());
    int number = 0;
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        if (!workload.hostNetwork()) {
          String port = OvnOptions.DEFAULT.portOf(workload.namespace(), pod.name());
          macOf.put(port, OvnLab.mac(port, number++));
          pod.addresses().forEach(address -> portOf.put(address, port));
        }
      }
    }
  }

  /** The port that an end is behind. */
  String port(End end) {
    return portOf.getOrDefault(Flows.address(end), OvnLab.OUTSIDE);
  }

  private String mac(String port) {
    return macOf.getOrDefault(port, OvnLab.OUTSIDE_MAC);
  }

  /** Whether the first packet of a connection arrives. */
  boolean arrives(Flow flow) throws IOException {
    String to = port(flow.destination());
    return trace("--minimal", microflow(flow)).contains("output(\"" + to + "\")");
  }

  /** Whether the answer to the first packet of a connection comes back. */
  boolean isAnswered(Flow flow) throws IOException {
    String to = port(flow.source());
    String packet = microflow(flow.destination(), flow.source())
        + transport(flow.source(), flow.protocol(), flow.port(), OPENED_FROM, true);
    return trace("--minimal", packet).contains("output(\"" + to + "\")");
  }

  String microflow(Flow flow) {
    return microflow(flow.source(), flow.destination())
        + transport(flow.source(), flow.protocol(), OPENED_FROM, flow.port(), false);
  }

  private String microflow(End from, End to) {
    Address source = Flows.address(from);
    String family = OvnLab.family(source);
    return "inport == \"" + port(from) + "\" && eth.src == " + mac(port(from))
        + " && eth.dst == " + mac(port(to)) + " && " + family + ".src == " + source + " && "
        + family + ".dst == " + Flows.address(to) + " && ip.ttl == 64 && ";
  }

  private static String transport(End end, Protocol protocol, int from, int to, boolean answers) {
    if (protocol == Protocol.OTHER) {
      return Flows.address(end).family() == Family.IPV4
          ? "icmp4.type == " + (answers ? 0 : 8)
          : "icmp6.type == " + (answers ? 129 : 128);
    }
    String word = protocol.word();
    return word + ".src == " + from + " && " + word + ".dst == " + to;
  }

  private String trace(String form, String microflow) throws IOException {
    ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
    parameters.add(form).add(OvnLab.SWITCH).add(microflow);
    return control.call("trace", parameters).asText();
  }

  /** Everything of one packet's way, for messages. */
  String detailed(String microflow) throws IOException {
    return trace("--detailed", microflow);
  }

  @Override
  public void close() throws IOException {
    control.close();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
  }
}
