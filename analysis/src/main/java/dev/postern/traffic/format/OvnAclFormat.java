package dev.postern.traffic.format;

import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.traffic.FlowEnd;
import dev.postern.traffic.FlowFormat;
import dev.postern.traffic.FlowRecord;
import dev.postern.traffic.FlowSink;
import dev.postern.traffic.LogPlace;
import dev.postern.traffic.Omission;
import dev.postern.traffic.Opener;
import dev.postern.traffic.Outcome;
import dev.postern.traffic.UnreadableEntry;
import dev.postern.traffic.Vantage;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ACL audit log of OVN-Kubernetes, as {@code ovn-controller} writes it: {@code time|serial|acl_log(…)|severity|name="…", verdict=…,
 * severity=…, direction=…: packet}, the packet as Open vSwitch prints a match (OpenShift, "Audit logging for network security"; {@code
 * controller/pinctrl.c} and {@code lib/acl-log.c} of OVN). What syslog puts before a line is overlooked. A line is a packet that an ACL
 * with logging took: replies are there only where such an ACL takes them.
 */
public final class OvnAclFormat implements FlowFormat.OfLines {

  private static final Pattern LINE = Pattern.compile(
      ".*?(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z?)\\|\\d+\\|acl_log\\([^)]*\\)\\|\\w+\\|.*?verdict=\"?(\\w[\\w-]*)\"?,"
          + " severity=\"?\\w+\"?(?:, direction=\"?([\\w-]+)\"?)?: *(\\S.*)");

  @Override
  public String name() {
    return "ovn-acl";
  }

  @Override
  public String title() {
    return "OVN-Kubernetes' ACL audit log";
  }

  @Override
  public boolean recognises(String line) {
    return line.contains("|acl_log(");
  }

  @Override
  public FlowFormat.LineReader reader(Optional<String> header) {
    return OvnAclFormat::read;
  }

  private static void read(String line, LogPlace place, FlowSink sink) throws UnreadableEntry {
    if (!line.contains("|acl_log(")) {
      sink.leftOut(Omission.NOT_A_FLOW);
      return;
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new UnreadableEntry(
          "it is no line of an ACL log: time|serial|acl_log(…)|severity|name=…,"
              + " verdict=…, severity=…: packet");
    }
    String verdict = matcher.group(2);
    Map<String, String> packet = packet(matcher.group(4));
    String flags = packet.getOrDefault("tcp_flags", "");
    if (!Set.of("allow", "drop", "reject").contains(verdict)) {
      sink.leftOut(Omission.NEITHER);
      return;
    }
    if (flags.contains("syn") && flags.contains("ack")) {
      sink.leftOut(Omission.REPLY);
      return;
    }
    Protocol protocol = LogText.protocol(packet.getOrDefault("", ""));
    Optional<Instant> time =
        LogText.time(matcher.group(1).endsWith("Z") ? matcher.group(1) : matcher.group(1) + "Z");
    String direction = Optional.ofNullable(matcher.group(3)).orElse("");
    sink.flow(new FlowRecord(
        place,
        FlowEnd.at(address(packet, "src")),
        FlowEnd.at(address(packet, "dst")),
        protocol,
        protocol.hasPorts() ? LogText.sourcePort(packet.getOrDefault("tp_src", "")) : 0,
        LogText.port(protocol, packet.getOrDefault("tp_dst", ""), "tp_dst"),
        verdict.equals("allow") ? Outcome.PASSED : Outcome.DENIED,
        direction.equals("to-lport")
            ? Vantage.DESTINATION
            : direction.equals("from-lport") ? Vantage.SOURCE : Vantage.UNSAID,
        flags.equals("syn") ? Opener.SOURCE : Opener.UNSAID,
        1,
        0,
        time,
        time));
  }

  private static Address address(Map<String, String> packet, String end) throws UnreadableEntry {
    String text = packet.getOrDefault("nw_" + end, packet.getOrDefault("ipv6_" + end, ""));
    if (text.isEmpty()) {
      throw new UnreadableEntry("the packet has no nw_" + end + " and no ipv6_" + end);
    }
    return LogText.address(text);
  }

  /** The fields of a packet; the protocol, which has no name, under the empty one. */
  private static Map<String, String> packet(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String part : text.split(",")) {
      String field = part.strip();
      int equal = field.indexOf('=');
      if (equal < 0) {
        fields.putIfAbsent("", field);
      } else {
        fields.put(field.substring(0, equal), field.substring(equal + 1));
      }
    }
    return fields;
  }
}
