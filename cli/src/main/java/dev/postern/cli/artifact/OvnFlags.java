package dev.postern.cli.artifact;

import dev.postern.cli.console.UserError;
import dev.postern.ovn.OvnOptions;
import dev.postern.ovn.OvnOptions.LogSeverity;
import dev.postern.ovn.OvnVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What an artefact for OVN can vary in, as options of a command line. */
public final class OvnFlags {

  /** Reads {@code 23.03}. */
  static final class Version implements ITypeConverter<OvnVersion> {
    @Override
    public OvnVersion convert(String text) {
      try {
        return OvnVersion.parse(text);
      } catch (IllegalArgumentException problem) {
        throw new TypeConversionException(problem.getMessage());
      }
    }
  }

  @Option(
      names = "--ovn-version",
      paramLabel = "<version>",
      converter = Version.class,
      description =
          "ovn: the release it is for; default: ${DEFAULT-VALUE}. From 23.06 on, tiers of policies are tiers of ACLs.")
  private OvnVersion version = OvnOptions.DEFAULT.version();

  @Option(
      names = {"--port-name", "--ovn-port-name"},
      paramLabel = "<pattern>",
      description = "ovn: how logical ports are named; default: ${DEFAULT-VALUE}.")
  private String portName = OvnOptions.DEFAULT.portName();

  @Option(
      names = "--ovn-tier",
      paramLabel = "<number>",
      description =
          "ovn: put all ACLs into this tier, 0 to 3; default: admin policies in 1, NetworkPolicies in 2, baseline policies in 3.")
  private @Nullable Integer tier;

  @Option(names = "--ovn-log", description = "ovn: log what is denied.")
  private boolean log;

  @Option(
      names = "--ovn-log-severity",
      paramLabel = "<severity>",
      description = "ovn: one of ${COMPLETION-CANDIDATES}; default: info.")
  private @Nullable LogSeverity severity;

  @Option(
      names = "--ovn-log-meter",
      paramLabel = "<name>",
      description = "ovn: the meter (ovn-nbctl meter-add) that limits how much is logged.")
  private @Nullable String meter;

  @Option(
      names = "--ovn-acl-name",
      paramLabel = "<pattern>",
      description =
          "ovn: how ACLs are named, which is what log lines say, of {group}, {policies}, {direction}, {action}; default: ${DEFAULT-VALUE}.")
  private String aclName = OvnOptions.DEFAULT.aclName();

  /**
   * The options that were given.
   *
   * @throws UserError if they contradict each other
   */
  OvnOptions options() {
    if (!log && (severity != null || meter != null)) {
      throw new UserError("postern compile: error: "
          + (severity == null ? "--ovn-log-meter" : "--ovn-log-severity")
          + " without --ovn-log (hint: add --ovn-log)");
    }
    OvnOptions options =
        OvnOptions.DEFAULT.withVersion(version).withPortName(portName).withAclName(aclName);
    if (tier != null) {
      options = options.withTier(tier);
    }
    return log
        ? options.withLogging(
            severity == null ? LogSeverity.info : severity, Optional.ofNullable(meter))
        : options;
  }
}
