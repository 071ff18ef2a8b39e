package dev.postern.ovn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.postern.net.Address;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A hypervisor of our own: ovs-vswitchd with its dummy datapath, which needs no kernel module and no privilege, and ovn-controller. Ports
 * keep what is sent to them in files.
 */
public final class Chassis implements AutoCloseable {

  private static final Pattern ACL_PRIORITY = Pattern.compile("priority=20(0[0-9]|1[0-5])\\b");
  private static final byte[] MARKER_TYPE = {0x08, 0x06};

  private final OvnLab lab;
  private final OvsdbClient control;
  private final Map<String, String> interfaces = new HashMap<>();
  private int made;
  private int markers;

  public Chassis(OvnLab lab) throws IOException {
    this.lab = lab;
    String database = lab.remote("conf");
    Path file = lab.directory.resolve("conf.db");
    lab.run("ovsdb-tool", "create", file.toString(), lab.release().schema("vswitch"));
    lab.start(
        "ovsdb-server",
        "--remote=p" + database,
        "--unixctl=" + lab.directory.resolve("conf.ctl"),
        "--pidfile=" + lab.directory.resolve("conf.pid"),
        file.toString());
    OvnLab.await(() -> Files.exists(lab.directory.resolve("conf.sock")));
    vsctl(List.of("--no-wait", "init"));
    Path socket = lab.directory.resolve("switchd.ctl");
    lab.start(
        "ovs-vswitchd",
        "--enable-dummy=override",
        "--disable-system",
        "--unixctl=" + socket,
        "--pidfile=" + lab.directory.resolve("switchd.pid"),
        database);
    vsctl(List.of(
        "set",
        "Open_vSwitch",
        ".",
        "external_ids:system-id=chassis",
        "external_ids:ovn-remote=" + lab.remote("sb"),
        "external_ids:ovn-encap-type=geneve",
        "external_ids:ovn-encap-ip=127.0.0.1",
        "--",
        "add-br",
        "br-int",
        "--",
        "set",
        "bridge",
        "br-int",
        "datapath_type=dummy",
        "fail-mode=secure"));
    lab.start("ovn-controller", "--pidfile=" + lab.directory.resolve("controller.pid"), database);
    OvnLab.await(() ->
        !lab.run("ovn-sbctl", "--bare", "--columns=name", "list", "Chassis").isBlank());
    control = OvsdbClient.connect(Remote.parse("unix:" + socket), Optional.empty());
  }

  private void vsctl(Collection<String> arguments) {
    List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=" + lab.remote("conf")));
    command.addAll(arguments);
    lab.run(command.toArray(String[]::new));
  }

  /** Plugs these logical ports in, in the place of those that were, and waits until their flows are there. */
  void plug(Collection<String> ports) throws IOException {
    List<String> arguments = new ArrayList<>();
    interfaces.values().forEach(name -> arguments.addAll(List.of("--", "del-port", name)));
    interfaces.clear();
    for (String port : ports) {
      String name = "p" + made++;
      interfaces.put(port, name);
      arguments.addAll(List.of(
          "--",
          "add-port",
          "br-int",
          name,
          "--",
          "set",
          "Interface",
          name,
          "external_ids:iface-id=" + port,
          "options:tx_pcap=" + pcap(name)));
    }
    vsctl(arguments.subList(1, arguments.size()));
    OvnLab.await(() ->
        lab.run("ovn-nbctl", "--bare", "--columns=name", "find", "Logical_Switch_Port", "up=true")
                .split("\\s+")
                .length
            == ports.size());
    // An address may be another pod's now.
    control.call("dpctl/flush-conntrack", JsonNodeFactory.instance.arrayNode());
    sync();
  }

  /** Waits until the northbound database is flows here, and makes the datapath forget what it cached of older ones. */
  void sync() throws IOException {
    lab.run("ovn-nbctl", "--wait=hv", "sync");
    control.call("revalidator/purge", JsonNodeFactory.instance.arrayNode());
  }

  private Path pcap(String name) {
    return lab.directory.resolve(name + ".pcap");
  }

  /** Sends a packet into a port. */
  void send(String port, String sourceMac, String destinationMac, Datagram packet)
      throws IOException {
    receive(port, packet.frame(sourceMac, destinationMac));
  }

  private void receive(String port, String flow) throws IOException {
    control.call(
        "netdev-dummy/receive",
        JsonNodeFactory.instance.arrayNode().add(interfaces.get(port)).add(flow));
  }

  /** Waits until all that was sent has arrived or was dropped: until a broadcast sent after it has arrived everywhere. */
  void drain(String from, String sourceMac) throws IOException {
    markers++;
    String marker = "198.18." + (markers >> 8) + "." + (markers & 255);
    receive(
        from,
        "in_port(1),eth(src=" + sourceMac + ",dst=ff:ff:ff:ff:ff:ff),eth_type(0x0806),arp(sip="
            + marker + ",tip=192.0.2.2,op=1,sha=" + sourceMac + ",tha=00:00:00:00:00:00)");
    byte[] sender = Address.parse(marker).bytes();
    for (String port : interfaces.keySet()) {
      if (!port.equals(from)) {
        OvnLab.await(() -> arrived(port).stream().anyMatch(packet -> isMarker(packet, sender)));
      }
    }
  }

  /** Whether a packet is ARP from this address. */
  private static boolean isMarker(byte[] packet, byte[] sender) {
    return packet.length >= 32
        && packet[12] == MARKER_TYPE[0]
        && packet[13] == MARKER_TYPE[1]
        && Arrays.equals(Arrays.copyOfRange(packet, 28, 32), sender);
  }

  /** The packets that were sent to a port. */
  List<byte[]> arrived(String port) {
    try {
      byte[] file = Files.readAllBytes(pcap(interfaces.getOrDefault(port, "")));
      List<byte[]> packets = new ArrayList<>();
      int at = 24;
      while (at + 16 <= file.length) {
        int length = file[at + 8] & 255 | (file[at + 9] & 255) << 8;
        if (at + 16 + length > file.length) {
          break;
        }
        byte[] packet = new byte[length];
        System.arraycopy(file, at + 16, packet, 0, length);
        packets.add(packet);
        at += 16 + length;
      }
      return packets;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The OpenFlow flows of ACLs of Postern's priorities; northd puts them 1000 higher. */
  List<String> aclFlows() {
    String flows = lab.run(
        "ovs-ofctl",
        "-O",
        "OpenFlow15",
        "--no-stats",
        "dump-flows",
        "unix:" + lab.directory + "/br-int.mgmt");
    return flows.lines().filter(line -> ACL_PRIORITY.matcher(line).find()).toList();
  }

  /** What ofproto says becomes of a packet. */
  public String trace(String bridge, String flow) throws IOException {
    return control
        .call("ofproto/trace", JsonNodeFactory.instance.arrayNode().add(bridge).add(flow))
        .asText();
  }

  /** The same, where conntrack says this of the packet whenever it is asked. */
  public String trace(String bridge, String flow, String connection) throws IOException {
    ArrayNode parameters = JsonNodeFactory.instance.arrayNode().add(bridge).add(flow);
    for (int i = 0; i < 32; i++) {
      parameters.add("--ct-next").add(connection);
    }
    return control.call("ofproto/trace", parameters).asText();
  }

  @Override
  public void close() throws IOException {
    control.close();
  }
}
