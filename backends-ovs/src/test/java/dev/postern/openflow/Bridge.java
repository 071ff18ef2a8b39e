package dev.postern.openflow;

import dev.postern.backend.Artifact;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.ovn.Chassis;
import dev.postern.ovn.OvnLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A bridge of a real ovs-vswitchd, which says what it would do with a packet. */
final class Bridge implements AutoCloseable {

  private static final String NAME = "br0";
  private static final Pattern SENT = Pattern.compile("(?m)^\\s+NORMAL$");
  private static final Pattern REMEMBERED = Pattern.compile("(?m)^\\s+ct\\(commit");

  private final OvnLab lab;
  private final Chassis chassis;
  private final String management;

  Bridge() throws IOException {
    lab = new OvnLab();
    chassis = new Chassis(lab);
    lab.run(
        "ovs-vsctl",
        "--db=" + lab.remote("conf"),
        "add-br",
        NAME,
        "--",
        "set",
        "bridge",
        NAME,
        "datapath_type=dummy",
        "fail-mode=secure");
    management = "unix:" + lab.directory.resolve(NAME + ".mgmt");
  }

  /** A packet that opens a connection, or its answer. */
  record Microflow(Address source, Address destination, Protocol protocol, int port) {

    String text(boolean answer) {
      boolean ipv4 = source.family() == Family.IPV4;
      Address from = answer ? destination : source;
      Address to = answer ? source : destination;
      String addresses =
          (ipv4 ? "nw_src=" : "ipv6_src=") + from + (ipv4 ? ",nw_dst=" : ",ipv6_dst=") + to;
      if (protocol == Protocol.OTHER) {
        int type = ipv4 ? (answer ? 0 : 8) : (answer ? 129 : 128);
        return (ipv4 ? "icmp,icmp_type=" : "icmp6,icmpv6_type=") + type + "," + addresses;
      }
      String word = protocol.word();
      return word + (ipv4 ? "" : "6") + "," + addresses + ","
          + word + "_src=" + (answer ? port : 49152) + ","
          + word + "_dst=" + (answer ? 49152 : port);
    }
  }

  /** Puts these flows in the place of all there are; whether the bridge takes them. */
  boolean replace(String flows) throws IOException {
    Path file = Files.writeString(lab.directory.resolve("flows"), flows);
    lab.run("ovs-ofctl", "-O", "OpenFlow14", "del-flows", management);
    OvnLab.Ran ran = lab.tryRun(
        "ovs-ofctl", "-O", "OpenFlow14", "--bundle", "add-flows", management, file.toString());
    return ran.status() == 0;
  }

  /** Attaches a port of this number. */
  void attach(int port) {
    lab.run(
        "ovs-vsctl",
        "--db=" + lab.remote("conf"),
        "add-port",
        NAME,
        "port" + port,
        "--",
        "set",
        "interface",
        "port" + port,
        "type=dummy",
        "ofport_request=" + port);
  }

  /** Puts these groups in the place of all there are. */
  void replaceGroups(String groups) throws IOException {
    Path file = Files.writeString(lab.directory.resolve("groups"), groups);
    lab.run("ovs-ofctl", "-O", "OpenFlow15", "del-groups", management);
    lab.run("ovs-ofctl", "-O", "OpenFlow15", "add-groups", management, file.toString());
  }

  /** What it would do with a packet, in words. */
  String trace(String packet, String connection) throws IOException {
    return chassis.trace(NAME, packet, connection);
  }

  String dump() {
    return lab.run("ovs-ofctl", "-O", "OpenFlow14", "--no-names", "dump-flows", management);
  }

  /** Runs a script of an artefact on it. */
  OvnLab.Ran run(Artifact artifact, String script) throws IOException {
    Path directory = Files.createDirectories(lab.directory.resolve("artefact"));
    for (String name : artifact.files().keySet()) {
      Files.writeString(directory.resolve(name), artifact.file(name));
    }
    return lab.tryRun("sh", directory.resolve(script).toString(), management);
  }

  /** What it would do, in words. */
  String trace(Microflow flow, boolean answer, String connection) throws IOException {
    return chassis.trace(NAME, flow.text(answer), connection);
  }

  /** Whether a packet is sent on. */
  boolean sends(Microflow flow, boolean answer, String connection) throws IOException {
    return SENT.matcher(trace(flow, answer, connection)).find();
  }

  /** Whether a connection comes about: its first packet, its answer and what follows are sent on. */
  boolean connects(Microflow flow) throws IOException {
    String first = trace(flow, false, "trk,new");
    if (!SENT.matcher(first).find()) {
      return false;
    }
    if (REMEMBERED.matcher(first).find()) {
      return sends(flow, true, "trk,est,rpl") && sends(flow, false, "trk,est");
    }
    return answersAsStranger(flow);
  }

  /** Whether the first packet makes the connection a known one. */
  boolean remembers(Microflow flow) throws IOException {
    return REMEMBERED.matcher(trace(flow, false, "trk,new")).find();
  }

  /** Whether an answer is sent on whose connection nobody knows: conntrack takes it for invalid, or for new. */
  boolean answersAsStranger(Microflow flow) throws IOException {
    boolean invalid = flow.protocol() == Protocol.TCP || flow.protocol() == Protocol.OTHER;
    return sends(flow, true, invalid ? "trk,inv" : "trk,new");
  }

  @Override
  public void close() throws IOException {
    chassis.close();
    lab.close();
  }
}
