package dev.postern.cli.artifact;

import dev.postern.aws.Aws;
import dev.postern.backend.Backend;
import dev.postern.bpf.Bpf;
import dev.postern.cilium.Cilium;
import dev.postern.cilium.CiliumVersion;
import dev.postern.cli.console.UserError;
import dev.postern.iptables.IpsetProbe;
import dev.postern.iptables.Iptables;
import dev.postern.lowering.PolicedPods.Unaddressed;
import dev.postern.netfilter.Deny;
import dev.postern.nftables.Nftables;
import dev.postern.openflow.OpenFlow;
import dev.postern.ovn.Ovn;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that choose a target and what it can vary in. A new target is a constant here. */
public final class Targets {

  /** The targets; the constants' names are what {@code --to} takes. */
  enum Target {
    iptables(options -> {
      Iptables all = Iptables.backend().skipping(options.unaddressed()).denying(options.deny);
      return options.withoutMarks || options.probe && !hasMarks() ? all.withoutMarks() : all;
    }),
    nftables(options -> Nftables.backend().skipping(options.unaddressed()).denying(options.deny)),
    ovn(options -> Ovn.backend(options.ovn.options().withReject(options.deny == Deny.REJECT))
        .skipping(options.unaddressed())),
    ovs(options -> new OpenFlow(options.unaddressed(), OpenFlow.FIRST_TABLE)),
    bpf(options -> Bpf.backend().skipping(options.unaddressed())),
    cilium(options ->
        new Cilium(options.unaddressed(), options.ciliumVersion, options.ciliumCapacity)),
    aws(options -> new Aws(options.unaddressed()));

    private final Function<Targets, Backend> backend;

    Target(Function<Targets, Backend> backend) {
      this.backend = backend;
    }
  }

  private static final Set<Target> REJECTING =
      EnumSet.of(Target.iptables, Target.nftables, Target.ovn);

  /** Reads {@code drop} and {@code reject}. */
  static final class Denial implements ITypeConverter<Deny> {
    @Override
    public Deny convert(String text) {
      return switch (text) {
        case "drop" -> Deny.DROP;
        case "reject" -> Deny.REJECT;
        default -> throw new TypeConversionException("give drop or reject");
      };
    }
  }

  /** Reads {@code 1.19}. */
  static final class CiliumRelease implements ITypeConverter<CiliumVersion> {
    @Override
    public CiliumVersion convert(String text) {
      try {
        return CiliumVersion.parse(text);
      } catch (IllegalArgumentException problem) {
        throw new TypeConversionException(problem.getMessage());
      }
    }
  }

  @Option(
      names = "--to",
      required = true,
      paramLabel = "<target>",
      description = "What enforces: ${COMPLETION-CANDIDATES}.")
  private Target target;

  @Option(
      names = "--skip-unaddressed",
      description =
          "Leave out pods without a known address instead of refusing. They are not policed until the policies are compiled with their addresses.")
  private boolean skipUnaddressed;

  @Option(
      names = "--without-marks",
      description =
          "iptables: find pods by address, not by packet marks, for kernels whose ipset has no skbinfo.")
  private boolean withoutMarks;

  @Option(
      names = "--probe",
      description =
          "iptables: ask the kernel of this machine, as root, whether its ipset has skbinfo, and compile --without-marks if not.")
  private boolean probe;

  @Option(
      names = "--deny",
      paramLabel = "<how>",
      converter = Denial.class,
      description =
          "iptables, nftables, ovn: what becomes of what is denied, drop or reject (a TCP reset, else ICMP `administratively prohibited`); default: drop.")
  private Deny deny = Deny.DROP;

  @Mixin
  private OvnFlags ovn;

  @Option(
      names = "--cilium-version",
      paramLabel = "<version>",
      converter = CiliumRelease.class,
      description = "cilium: the release whose map layout is written; default: ${DEFAULT-VALUE}.")
  private CiliumVersion ciliumVersion = CiliumVersion.V1_19;

  @Option(
      names = "--cilium-capacity",
      paramLabel = "<entries>",
      description = "cilium: how many entries a policy map holds; default: ${DEFAULT-VALUE}.")
  private int ciliumCapacity = Cilium.CAPACITY;

  /** The backend that was chosen. */
  public Backend backend() {
    if (deny == Deny.REJECT && !REJECTING.contains(target)) {
      throw new UserError("postern compile: error: " + target
          + " drops what is denied (hint: --deny reject is for iptables, nftables and ovn)");
    }
    return target.backend.apply(this);
  }

  private static boolean hasMarks() {
    try {
      return IpsetProbe.here().hasMarks();
    } catch (IOException problem) {
      throw new UserError(
          "postern compile: error: --probe could not ask this kernel: " + problem.getMessage());
    }
  }

  private Unaddressed unaddressed() {
    return skipUnaddressed ? Unaddressed.SKIP : Unaddressed.REFUSE;
  }
}
