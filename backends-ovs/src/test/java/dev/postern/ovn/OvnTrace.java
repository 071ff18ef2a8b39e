package dev.postern.ovn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
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

  private final OvsdbClient control;
  private final long pid;
  private final Map<Address, String> portOf = new HashMap<>();
  private final Map<String, String> macOf = new HashMap<>();

  OvnTrace(OvnLab lab, Cluster cluster) throws IOException {
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
    // established.
    for (int i = 0; i < MOST_TRACKED; i++) {
      command.add("--ct=new");
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

  String microflow(Flow flow) {
    Address source = Flows.address(flow.source());
    Address destination = Flows.address(flow.destination());
    String family = OvnLab.family(source);
    String text = "inport == \"" + port(flow.source()) + "\" && eth.src == "
        + mac(port(flow.source())) + " && eth.dst == " + mac(port(flow.destination())) + " && "
        + family + ".src == " + source + " && " + family + ".dst == " + destination
        + " && ip.ttl == 64 && ";
    if (flow.protocol() == Protocol.OTHER) {
      return text + (family.equals("ip4") ? "icmp4.type == 8" : "icmp6.type == 128");
    }
    String protocol = flow.protocol().word();
    return text + protocol + ".src == 49152 && " + protocol + ".dst == " + flow.port();
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
