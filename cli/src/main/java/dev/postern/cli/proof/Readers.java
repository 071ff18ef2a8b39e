package dev.postern.cli.proof;

import dev.postern.aws.reader.AwsDumps;
import dev.postern.backend.Reader;
import dev.postern.bpf.reader.BpfDumps;
import dev.postern.cilium.reader.CiliumDumps;
import dev.postern.iptables.reader.IptablesDumps;
import dev.postern.netfilter.node.NodeDumps;
import dev.postern.nftables.reader.NftablesDumps;
import dev.postern.openflow.reader.FlowDumps;
import dev.postern.ovn.read.NorthboundDumps;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The readers of dataplanes. A new one is one line here: its inputs become flags of {@code postern prove}. */
public final class Readers {

  public static final List<Reader> ALL = List.of(
      new IptablesDumps(),
      new NftablesDumps(),
      new NodeDumps(),
      new NorthboundDumps(),
      new FlowDumps(),
      new BpfDumps(),
      new CiliumDumps(),
      new AwsDumps());

  private Readers() {}

  /** The names of the targets that can be read. */
  static List<String> targets() {
    return ALL.stream().map(Reader::target).toList();
  }

  static String flag(Reader.Input input) {
    return "--" + input.name();
  }

  static String flag(Reader.Credential credential) {
    return "--" + credential.name();
  }

  /** Adds a flag for each input and credential of each reader. */
  public static void addFlags(CommandSpec spec) {
    for (Reader reader : ALL) {
      for (Reader.Input input : reader.inputs()) {
        // Readers of one plane of a node share their flags with the reader of all.
        if (spec.findOption(flag(input)) != null) {
          continue;
        }
        spec.addOption(OptionSpec.builder(flag(input))
            .paramLabel(input.directory() ? "<dir>" : "<file>")
            .type(String.class)
            .description(input.description())
            .build());
      }
      for (Reader.Credential credential : reader.credentials()) {
        spec.addOption(OptionSpec.builder(flag(credential))
            .paramLabel("<file>")
            .type(String.class)
            .description(credential.description())
            .build());
      }
    }
  }
}
