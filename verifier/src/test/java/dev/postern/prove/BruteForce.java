package dev.postern.prove;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.prove.PacketReplay.Ought;
import dev.postern.testing.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Looks for a packet that is not treated as it should be by trying packets, on the two definitions alone. */
final class BruteForce {

  private final Claim claim;
  private final PacketReplay replay;
  private final Random random;
  private final List<Address> addresses;
  private final List<Integer> ports;
  long tried;

  BruteForce(Claim claim, Random random) {
    this.claim = claim;
    this.random = random;
    Probes probes = Probes.of(claim.plan().cluster(), random);
    Set<Address> all = new TreeSet<>(probes.addresses());
    List<End.InPod> pods = claim.plan().classes().endpoints();
    pods.forEach(pod -> pod.address().ifPresent(all::add));
    this.addresses = List.copyOf(all);
    this.ports = probes.ports();
    this.replay = new PacketReplay(
        claim,
        new Interfaces(claim.contract(), new MentionedSets(claim), Family.IPV4),
        address -> pods.stream()
            .filter(pod -> pod.address().filter(address::equals).isPresent())
            .toList());
  }

  PacketReplay replay() {
    return replay;
  }

  /** A packet on which they differ, if one is found. */
  Optional<Packet> search(EnforcedRules rules, int tries) {
    Interpreter interpreter = new Interpreter(rules);
    for (int i = 0; i < tries; i++) {
      Packet packet = packet();
      tried++;
      Passage.Fate verdict = interpreter.walk(packet).fate();
      if (packet.state() == ConnectionState.INVALID) {
        continue;
      }
      Ought ought = packet.state() == ConnectionState.NEW
          ? replay.ought(packet, replay.judge(packet))
          : Ought.PASS;
      if (ought == Ought.PASS && verdict != Passage.Fate.ACCEPT
          || ought == Ought.DROP && verdict != Passage.Fate.DROP) {
        return Optional.of(packet);
      }
    }
    return Optional.empty();
  }

  Packet packet() {
    Address from = addresses.get(random.nextInt(addresses.size()));
    List<Address> family =
        addresses.stream().filter(a -> a.family() == from.family()).toList();
    Address to = family.get(random.nextInt(family.size()));
    Protocol protocol = Protocol.values()[random.nextInt(4)];
    Packet opening = Packet.opening(from, to, protocol, ports.get(random.nextInt(ports.size())));
    List<ConnectionState> states =
        new ArrayList<>(List.of(ConnectionState.NEW, ConnectionState.NEW));
    states.addAll(List.of(ConnectionState.values()));
    ConnectionState state = states.get(random.nextInt(states.size() - 1));
    return opening.in(state, state != ConnectionState.NEW && random.nextBoolean());
  }
}
