package dev.postern.prove;

import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Cuts a claim into questions that are about every packet together. A small cluster is asked about as a whole; a large one part by part,
 * the packets from each part and those to each, where a part may be any policed addresses: how it is cut decides how long it takes, not
 * what is proved.
 */
final class PacketQuestions {

  /** So many ranges of addresses are asked about at once: what tells pods apart one by one stays small. */
  private static final int RANGES = 32;

  private final ProofContext ground;

  PacketQuestions(ProofContext ground) {
    this.ground = ground;
  }

  /** About all packets of a state at once. */
  List<PacketQuestion> whole() {
    return each((name, state, reply) -> List.of(new PacketQuestion(
        name, state, reply, AddressSet.ALL, AddressSet.ALL, PacketQuestion.BOTH)));
  }

  /** New connections namespace by namespace. */
  List<PacketQuestion> byNamespace() {
    Map<String, AddressSet> parts = new TreeMap<>();
    ground.policed.forEach(
        (workload, addresses) -> parts.merge(workload.namespace(), addresses, AddressSet::union));
    return byPart(parts);
  }

  /**
   * About the workloads together that the same policies decide about, where there are rules that can be told to be about one side; else
   * namespace by namespace.
   */
  List<PacketQuestion> byPolicies() {
    if (!ground.guards.any()) {
      return byNamespace();
    }
    PolicyTerms policies = new PolicyTerms(
        ground.claim.plan().cluster(),
        ground.claim.plan().options(),
        new Packets(ground.family, AddressSet.ALL, AddressSet.ALL),
        false,
        ground.memory);
    Map<List<PolicyTerms.Key>, List<AddressRange>> alike = new LinkedHashMap<>();
    ground.policed.forEach((workload, addresses) -> alike
        .computeIfAbsent(
            List.of(
                policies.key(workload, Direction.EGRESS),
                policies.key(workload, Direction.INGRESS)),
            key -> new ArrayList<>())
        .addAll(addresses.ranges()));
    Map<String, AddressSet> parts = new TreeMap<>();
    for (List<AddressRange> ranges : alike.values()) {
      List<AddressRange> merged = new AddressSet(ranges).ranges();
      for (int from = 0; from < merged.size(); from += RANGES) {
        List<AddressRange> part = merged.subList(from, Math.min(merged.size(), from + RANGES));
        parts.put(part.get(0).first().toString(), new AddressSet(part));
      }
    }
    return byPart(parts);
  }

  private interface OfState {
    List<PacketQuestion> about(String name, ConnectionState state, boolean reply);
  }

  private static List<PacketQuestion> each(OfState questions) {
    List<PacketQuestion> all = new ArrayList<>();
    for (ConnectionState state :
        List.of(ConnectionState.NEW, ConnectionState.ESTABLISHED, ConnectionState.RELATED)) {
      for (boolean reply : new boolean[] {false, true}) {
        if (state != ConnectionState.NEW || !reply) {
          String name = state.name().toLowerCase(Locale.ROOT) + (reply ? "-reply" : "");
          all.addAll(questions.about(name, state, reply));
        }
      }
    }
    return all;
  }

  private List<PacketQuestion> byPart(Map<String, AddressSet> parts) {
    AddressSet covered = new AddressSet(
        parts.values().stream().flatMap(part -> part.ranges().stream()).toList());
    AddressSet others = covered.complement();
    boolean oneSide = ground.guards.any();
    Set<Direction> out = oneSide ? Set.of(Direction.EGRESS) : PacketQuestion.BOTH;
    Set<Direction> in = oneSide ? Set.of(Direction.INGRESS) : PacketQuestion.BOTH;
    return each((name, state, reply) -> {
      List<PacketQuestion> questions = new ArrayList<>();
      parts.forEach((part, addresses) -> {
        questions.add(new PacketQuestion(
            name(name, "from-" + part), state, reply, addresses, AddressSet.ALL, out));
        questions.add(new PacketQuestion(
            name(name, "to-" + part),
            state,
            reply,
            oneSide ? AddressSet.ALL : others,
            addresses,
            in));
      });
      questions.add(new PacketQuestion(
          name(name, "others"), state, reply, others, others, PacketQuestion.BOTH));
      return questions;
    });
  }

  private static String name(String state, String part) {
    return state.equals("new") ? part : state + "-" + part;
  }
}
