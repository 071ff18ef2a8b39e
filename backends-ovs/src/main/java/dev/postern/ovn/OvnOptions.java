package dev.postern.ovn;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an OVN artefact can vary in.
 *
 * @param version the OVN it is for
 * @param portName how logical switch ports are named: a text with {@code {namespace}} and {@code {pod}}
 * @param tier the tier of all ACLs, 0..3; needs {@link OvnVersion#TIERS}; empty leaves the column alone
 * @param reject whether denied connections are answered (RST or ICMP) rather than dropped
 * @param log whether denials are logged
 * @param severity of log lines: alert, warning, notice, info or debug
 * @param meter the row of table Meter that limits log lines
 */
public record OvnOptions(
    OvnVersion version,
    String portName,
    OptionalInt tier,
    boolean reject,
    boolean log,
    String severity,
    Optional<String> meter) {

  /** OVN 23.03, ports named {@code namespace_pod} as OVN-Kubernetes names them, no logging. */
  public static final OvnOptions DEFAULT = new OvnOptions(
      OvnVersion.V23_03,
      "{namespace}_{pod}",
      OptionalInt.empty(),
      false,
      false,
      "info",
      Optional.empty());

  public OvnOptions withVersion(OvnVersion other) {
    return new OvnOptions(other, portName, tier, reject, log, severity, meter);
  }

  public OvnOptions withPortName(String pattern) {
    return new OvnOptions(version, pattern, tier, reject, log, severity, meter);
  }

  public OvnOptions withTier(int number) {
    return new OvnOptions(version, portName, OptionalInt.of(number), reject, log, severity, meter);
  }

  public OvnOptions withReject(boolean answers) {
    return new OvnOptions(version, portName, tier, answers, log, severity, meter);
  }

  public OvnOptions withLog(boolean logs, String level, Optional<String> limit) {
    return new OvnOptions(version, portName, tier, reject, logs, level, limit);
  }

  /** The name of a pod's logical switch port. */
  String portOf(String namespace, String pod) {
    return portName.replace("{namespace}", namespace).replace("{pod}", pod);
  }
}
