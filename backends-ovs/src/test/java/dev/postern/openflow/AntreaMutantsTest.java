package dev.postern.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.Packet;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.plan.Plan;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.testing.Engines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Antrea's tables of policies with one thing broken, on a real Open vSwitch: refuted with a packet that its trace treats otherwise, proved only where its traces find none. */
class AntreaMutantsTest {

  private static final int NODES = Integer.getInteger("antrea.mutants", 2);
  private static final int FIRST = Integer.getInteger("antrea.first", 0);
  private static final int PROBES = 25;

  /** What is broken, of the tables EgressRule (14), EgressDefaultRule (15), IngressRule (26) and IngressDefaultRule (27). */
  private enum Kind {
    RULE_DROPPED("(?m)^table=(?:14|26), priority=190,conj_id=.*\\n"),
    DEFAULT_DROPPED("(?m)^table=(?:15|27), priority=200.*actions=drop\\n"),
    CLAUSE_LOST("(?m)^table=(?:14|26), priority=200.* actions=conjunction\\(\\d+,3/3\\)\\n"),
    MEMBER_LOST("(?m)^table=(?:14|26), priority=200.*conjunction\\(\\d+,2/[23]\\)\\n"),
    CLAUSE_OF_ANOTHER("conjunction\\((\\d+)(?=,2)"),
    PORT_OFF_BY_ONE("tp_dst=(\\d+)(?= actions=conj)"),
    PRIORITY_SWAPPED("(?<=table=(?:26|14), priority=)(0|190)(?=[ ,])"),
    ISOLATES_ANOTHER("(?<=table=27, priority=200,reg1=)0x[0-9a-f]+"),
    DROP_PASSES("(?<=table=(?:15|27), priority=200[^\\n]{1,60} actions=)drop");

    private final Pattern where;

    Kind(String where) {
      this.where = Pattern.compile(where);
    }

    private String change(MatchResult found, List<MatchResult> all, Random random) {
      return switch (this) {
        case RULE_DROPPED, DEFAULT_DROPPED, CLAUSE_LOST, MEMBER_LOST -> "";
        case CLAUSE_OF_ANOTHER, ISOLATES_ANOTHER ->
          all.get(random.nextInt(all.size())).group();
        case PORT_OFF_BY_ONE -> {
          int port = Integer.parseInt(found.group(1));
          yield "tp_dst="
              + (port == 65535 || port > 1 && random.nextBoolean() ? port - 1 : port + 1);
        }
        case PRIORITY_SWAPPED -> found.group(1).equals("0") ? "195" : "210";
        case DROP_PASSES -> "goto_table:17";
      };
    }

    private Optional<String> in(String flows, Random random) {
      List<MatchResult> places = where.matcher(flows).results().toList();
      if (places.isEmpty()) {
        return Optional.empty();
      }
      MatchResult place = places.get(random.nextInt(places.size()));
      String broken = flows.substring(0, place.start())
          + change(place, places, random)
          + flows.substring(place.end());
      return Optional.of(broken).filter(text -> !text.equals(flows));
    }
  }

  private final Map<Kind, Map<Verdict, Integer>> seen = new EnumMap<>(Kind.class);
  private final Set<Integer> attached = new HashSet<>();
  private int confirmed;

  @Test
  void aMutantIsRefutedExactlyWhenAPacketIsTreatedOtherwise() throws IOException {
    Engines.require("ovs-vsctl", "ovs-ofctl");
    try (Bridge bridge = new Bridge()) {
      int nodes = 0;
      for (int seed = FIRST; nodes < NODES; seed++) {
        // Some pods have to be isolated each way.
        Optional<AntreaNode> node = AntreaNode.of(seed)
            .filter(each -> each.layout().text().contains("table=15, priority=200"))
            .filter(each -> each.layout().text().contains("table=27, priority=200"));
        if (node.isPresent()) {
          nodes++;
          mutants(bridge, node.get(), seed);
        }
      }
    }
    System.out.println("mutants of Antrea's flows, seeds from " + FIRST + ": " + seen + ", "
        + confirmed + " witnesses confirmed by ofproto/trace");
    assertThat(confirmed).isPositive();
  }

  private void mutants(Bridge bridge, AntreaNode node, int seed) throws IOException {
    Random random = new Random(seed);
    String flows = node.layout().text();
    for (Kind kind : Kind.values()) {
      Optional<String> mutant = kind.in(flows, random);
      Optional<String> dump =
          mutant.isPresent() ? node.loaded(bridge, attached, mutant.get()) : Optional.empty();
      if (dump.isEmpty()) {
        continue;
      }
      Proof proof = node.proof(dump.get());
      seen.computeIfAbsent(kind, k -> new EnumMap<>(Verdict.class))
          .merge(proof.verdict(), 1, Integer::sum);
      String what = kind + " of cluster " + seed + "\n" + dump.get();
      if (proof.verdict() == Verdict.PROVED) {
        assertThat(node.difference(bridge, random, PROBES)).as(what).isEmpty();
      } else if (proof.verdict() == Verdict.DIFFERS) {
        confirm(bridge, node, proof.difference().orElseThrow(), what);
      }
    }
  }

  /** The switch does with a new packet of its own ends what the proof says that the flows do. */
  private void confirm(Bridge bridge, AntreaNode node, PacketDifference difference, String what)
      throws IOException {
    Packet packet = difference.packet();
    boolean through =
        difference.passage().hits().toString().contains("a Service's endpoint is the destination");
    if (packet.state() != ConnectionState.NEW
        || packet.policyProtocol() == Protocol.OTHER
        || through) {
      return;
    }
    Flow flow = new Flow(
        end(node.cluster(), packet.source()),
        end(node.cluster(), packet.destination()),
        packet.policyProtocol(),
        packet.destinationPort());
    assertThat(node.connects(bridge, flow))
        .as("%s: %s", what, packet)
        .isNotEqualTo(difference.shouldPass());
    confirmed++;
  }

  private static End end(Cluster cluster, Address address) {
    List<End> pods = new ArrayList<>(Plan.of(cluster).classes().endpoints());
    return pods.stream()
        .filter(end -> end instanceof End.InPod pod
            && pod.address().filter(address::equals).isPresent())
        .findFirst()
        .orElse(new End.Outside(address));
  }
}
