package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Reader.Dump;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.net.Protocol;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.prove.PacketDifference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** The rules that are in force in a router's kernel: as it prints them, and what it does with packets. */
final class RulesInForce {

  /** The protocols with ports that a policy names. */
  private static final Set<Integer> JUDGED = Set.of(6, 17, 132);

  private final RouterLab lab;
  private int confirmed;

  RulesInForce(RouterLab lab) {
    this.lab = lab;
  }

  /** Removes them. A set can be removed when the kernel has let go of the rules that named it, which may take a moment. */
  void clear() {
    lab.inRouter(
        "sh",
        "-c",
        "nft flush ruleset; for i in $(seq 200); do ipset -q destroy && exit; sleep 0.01; done; exit 1");
  }

  /** What is read from what the kernel prints. */
  EnforcedRules printed(boolean nft) {
    return nft
        ? NftablesReader.read(lab.inRouter("nft", "list", "ruleset"))
        : IptablesReader.read(
            new Dump("iptables-save", lab.inRouter("iptables-save")),
            new Dump("ip6tables-save", ""),
            new Dump("ipset save", lab.inRouter("ipset", "save")),
            AddressSet.EMPTY);
  }

  /** The kernel does with the packet of a difference what the proof says that the rules do. */
  void confirm(PacketDifference difference, String where) {
    dev.postern.enforced.Packet packet = difference.packet();
    if (packet.state() != ConnectionState.NEW || !JUDGED.contains(packet.protocol())) {
      return;
    }
    Packet sent = new Packet(
        packet.source(),
        packet.destination(),
        packet.protocol(),
        packet.sourcePort(),
        packet.destinationPort(),
        1);
    assertThat(carried(List.of(sent)).contains(1))
        .as("%s: %s", where, packet)
        .isNotEqualTo(difference.shouldPass());
    confirmed++;
  }

  /** How many differences the kernel has confirmed. */
  int confirmed() {
    return confirmed;
  }

  /** Those of some random packets that the kernel treats otherwise than the definition says. */
  List<KernelVerdicts.Probe> differences(
      Cluster cluster, Random random, int probes, Predicate<KernelVerdicts.Probe> judged) {
    List<KernelVerdicts.Probe> sent =
        KernelVerdicts.probes(cluster, Options.DEFAULT, random, probes).stream()
            .filter(probe -> probe.flow().protocol() != Protocol.OTHER
                && !probe.flow().source().equals(probe.flow().destination()))
            .filter(judged)
            .toList();
    Set<Integer> passed =
        carried(sent.stream().map(KernelVerdicts.Probe::packet).toList());
    return sent.stream()
        .filter(probe -> passed.contains(probe.packet().number()) != probe.allowed())
        .toList();
  }

  /** The numbers of those that come out. A packet may get lost on a busy machine; one that never passes was dropped. */
  private Set<Integer> carried(List<Packet> packets) {
    Set<Integer> passed = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      List<Packet> again = new ArrayList<>(
          packets.stream().filter(packet -> !passed.contains(packet.number())).toList());
      again.add(KernelVerdicts.LAST);
      lab.forget();
      passed.addAll(lab.carry(again));
    }
    passed.removeIf(number -> packets.stream().noneMatch(packet -> packet.number() == number));
    return passed;
  }
}
