package dev.postern.openflow;

import dev.postern.net.Family;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Flows of Antrea's tables by these tables' names, each once, written for IPv4 and turned into those of IPv6. */
final class AntreaFlows {

  private static final List<String> TABLES = List.of(
      "PipelineRootClassifier",
      "ARPSpoofGuard",
      "ARPResponder",
      "Classifier",
      "SpoofGuard",
      "IPv6",
      "UnSNAT",
      "ConntrackZone",
      "ConntrackState",
      "PreRoutingClassifier",
      "SessionAffinity",
      "ServiceLB",
      "EndpointDNAT",
      "AntreaPolicyEgressRule",
      "EgressRule",
      "EgressDefaultRule",
      "EgressMetric",
      "L3Forwarding",
      "EgressMark",
      "L3DecTTL",
      "SNATMark",
      "SNAT",
      "L2ForwardingCalc",
      "TrafficControl",
      "IngressSecurityClassifier",
      "AntreaPolicyIngressRule",
      "IngressRule",
      "IngressDefaultRule",
      "IngressMetric",
      "ConntrackCommit",
      "Output");

  private final Set<String> flows = new LinkedHashSet<>();
  private Family family = Family.IPV4;

  /** The family that is written from now on. */
  void of(Family other) {
    family = other;
  }

  /** The number of a table. */
  static int table(String name) {
    int number = TABLES.indexOf(name);
    if (number < 0) {
      throw new IllegalArgumentException(name);
    }
    return number;
  }

  /** A flow of the family that is written, if it is one of it: others are of both. */
  void flow(String table, int priority, String match, String actions) {
    boolean six = family == Family.IPV6;
    if (six && match.startsWith("arp")) {
      return;
    }
    add(
        table,
        priority,
        six
            ? match
                .replaceAll("(^|,)ip(?=,|$)", "$1ipv6")
                .replaceAll("(^|,)nw_(src|dst)", "$1ipv6_$2")
            : match,
        six
            ? actions
                .replace("zone=65520", "zone=65510")
                .replace("zone=65521", "zone=65511")
                .replace("192.168.77.103->tun_dst", "fd00:77::103->tun_ipv6_dst")
            : actions);
  }

  /** A flow as it is written. */
  void add(String table, int priority, String match, String actions) {
    String numbered = actions;
    for (String name : TABLES) {
      numbered = numbered
          .replaceAll("goto_table:" + name + "(?!\\w)", "goto_table:" + table(name))
          .replaceAll("table=" + name + "(?!\\w)", "table=" + table(name))
          .replaceAll("resubmit\\(," + name + "\\)", "resubmit(," + table(name) + ")");
    }
    flows.add("table=" + table(table) + ", priority=" + priority
        + (match.isEmpty() ? "" : "," + match) + " actions=" + numbered + '\n');
  }

  /** All of them, for {@code ovs-ofctl add-flows}. */
  String text() {
    return String.join("", flows);
  }
}
