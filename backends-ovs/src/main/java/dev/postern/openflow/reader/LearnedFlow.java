package dev.postern.openflow.reader;

import dev.postern.enforced.Condition;
import dev.postern.net.Family;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** The flows that {@code learn} may add: they may do anything, and match anything that they do not want to be as in the packet that they are learned from. */
final class LearnedFlow {

  /** Fields of {@link FlowMatch#fields} and how {@code learn} says that a learned flow wants all of one as the packet has it. */
  private static final Map<String, Set<String>> COPIES = Map.of(
      Family.IPV4 + " destination",
      Set.of("NXM_OF_IP_DST[]", "ip_dst[]", "nw_dst[]", "nw_dst"),
      Family.IPV6 + " destination",
      Set.of("NXM_NX_IPV6_DST[]", "ipv6_dst[]", "ipv6_dst"),
      "tp_dst",
      Set.of(
          "NXM_OF_TCP_DST[]",
          "NXM_OF_UDP_DST[]",
          "OXM_OF_SCTP_DST[]",
          "tcp_dst[]",
          "udp_dst[]",
          "sctp_dst[]"));

  /** The same of fields that it wants to have a number. */
  private static final Map<String, Set<String>> NUMBERS =
      Map.of("dl_type", Set.of("eth_type", "dl_type"), "nw_proto", Set.of("nw_proto", "ip_proto"));

  private LearnedFlow() {}

  /** Adds what a flow may learn to the tables. */
  static void add(FlowEntry flow, SortedMap<Integer, List<FlowEntry>> tables) {
    add(flow, flow.steps(), true, tables);
  }

  /** @param isAsMatched whether the packet still is what the flow has matched */
  private static void add(
      FlowEntry flow,
      List<FlowStep> steps,
      boolean isAsMatched,
      SortedMap<Integer, List<FlowEntry>> tables) {
    boolean same = isAsMatched;
    for (FlowStep step : steps) {
      if (step instanceof FlowStep.Learn learn) {
        Condition among = same ? among(learn.text(), flow.match()) : Condition.ALWAYS;
        tables
            .computeIfAbsent(learn.table(), t -> new ArrayList<>())
            .add(new FlowEntry(
                learn.table(),
                learn.priority(),
                FlowMatch.unknown("what is learned", among),
                List.of(new FlowStep.Unknown(learn.text())),
                List.of(),
                learn.text(),
                flow.line()));
      } else if (step instanceof FlowStep.Clone clone) {
        add(flow, clone.steps(), same, tables);
      } else if (step instanceof FlowStep.Apply apply) {
        add(flow, apply.steps(), same, tables);
      }
      same &= leavesThePacket(step);
    }
  }

  private static boolean leavesThePacket(FlowStep step) {
    return step instanceof FlowStep.Nothing
        || step instanceof FlowStep.Learn
        || step instanceof FlowStep.Write
        || step instanceof FlowStep.Copy
        || step instanceof FlowStep.Forget
        || step instanceof FlowStep.Forward
        || step instanceof FlowStep.Output;
  }

  /** The packets that a learned flow may match. */
  private static Condition among(String learn, FlowMatch from) {
    Set<String> wanted = new HashSet<>(
        List.of(learn.substring(learn.indexOf('(') + 1, learn.length() - 1).split(",")));
    for (Map.Entry<String, MaskedBits> field : from.fields().entrySet()) {
      if (!field.getKey().equals("registers")
          && !isWanted(field.getKey(), field.getValue(), wanted)) {
        return Condition.ALWAYS;
      }
    }
    return from.packet();
  }

  private static boolean isWanted(String field, MaskedBits value, Set<String> wanted) {
    return wanted.stream().anyMatch(part -> {
      int equals = part.indexOf('=');
      return equals < 0
          ? COPIES.getOrDefault(field, Set.of()).contains(part)
          : NUMBERS.getOrDefault(field, Set.of()).contains(part.substring(0, equals))
              && MaskedBits.number(part.substring(equals + 1))
                  .filter(number -> isNumber(value, number))
                  .isPresent();
    });
  }

  private static boolean isNumber(MaskedBits bits, BigInteger number) {
    return bits.value().equals(number.and(bits.mask()));
  }
}
