package dev.postern.ovn;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an OVN artefact can vary in.
 *
 * @param version the OVN it is for
 * @param portName how logical switch ports are named: a text with {@code {namespace}} and {@code {pod}}
 * @param tier the one tier of all ACLs, 0..3; needs {@link OvnVersion#TIERS}; empty for a tier each for admin policies, NetworkPolicies
 *     and baseline policies where the version has tiers, and none where it has not
 * @param reject whether denied connections are answered (RST or ICMP) rather than dropped
 * @param logging whether and how denials are logged
 * @param aclName how ACLs are named, which is what log lines say: a text with {@code {group}}, {@code {policies}}, {@code {direction}} and
 *     {@code {action}}; a name is cut at 63 characters
 */
public record OvnOptions(
    OvnVersion version,
    String portName,
    OptionalInt tier,
    boolean reject,
    Optional<Logging> logging,
    String aclName) {

  /**
   * How denials are logged.
   *
   * @param severity of log lines
   * @param meter the row of table Meter that limits log lines
   */
  public record Logging(LogSeverity severity, Optional<String> meter) {}

  /** The severities that OVN knows; the constants' names are its words. */
  public enum LogSeverity {
    alert,
    warning,
    notice,
    info,
    debug
  }

  /** OVN 23.03, ports named {@code namespace_pod} as OVN-Kubernetes names them, ACLs after their port group, no logging. */
  public static final OvnOptions DEFAULT = new OvnOptions(
      OvnVersion.V23_03,
      "{namespace}_{pod}",
      OptionalInt.empty(),
      false,
      Optional.empty(),
      "{group}");

  /** The most characters that the name of an ACL can have (schema of OVN_Northbound). */
  static final int MOST_NAME = 63;

  public OvnOptions withVersion(OvnVersion other) {
    return new OvnOptions(other, portName, tier, reject, logging, aclName);
  }

  public OvnOptions withPortName(String pattern) {
    return new OvnOptions(version, pattern, tier, reject, logging, aclName);
  }

  public OvnOptions withTier(int number) {
    return new OvnOptions(version, portName, OptionalInt.of(number), reject, logging, aclName);
  }

  public OvnOptions withReject(boolean answers) {
    return new OvnOptions(version, portName, tier, answers, logging, aclName);
  }

  public OvnOptions withLogging(LogSeverity severity, Optional<String> meter) {
    Optional<Logging> logs = Optional.of(new Logging(severity, meter));
    return new OvnOptions(version, portName, tier, reject, logs, aclName);
  }

  public OvnOptions withAclName(String pattern) {
    return new OvnOptions(version, portName, tier, reject, logging, pattern);
  }

  /** Whether the tiers of policies are tiers of OVN's. */
  boolean isTiered() {
    return tier.isEmpty() && version.atLeast(OvnVersion.TIERS);
  }

  /** The name of a pod's logical switch port. */
  String portOf(String namespace, String pod) {
    return portName.replace("{namespace}", namespace).replace("{pod}", pod);
  }

  /** The name of an ACL of a port group: the policies are cut so that the rest of the pattern fits. */
  String aclOf(String group, String policies, boolean toPort, String action) {
    String name = aclName
        .replace("{group}", group)
        .replace("{direction}", toPort ? "ingress" : "egress")
        .replace("{action}", action);
    int room = Math.max(0, MOST_NAME - name.replace("{policies}", "").length());
    String full = name.replace(
        "{policies}", policies.length() <= room ? policies : policies.substring(0, room));
    return full.length() <= MOST_NAME ? full : full.substring(0, MOST_NAME);
  }
}
