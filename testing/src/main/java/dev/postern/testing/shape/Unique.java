package dev.postern.testing.shape;

import dev.postern.cluster.Cluster;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Ten rules of ten peers and ten ports a policy, over In-lists of ten values; no selector and no list of ports comes twice. */
final class Unique {

  private static final int TEN = 10;

  private Unique() {}

  static Cluster cluster(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    Parts parts = new Parts(false);
    int policies = Parts.count(1000, scale);
    // Ten values of each key a policy, so that lists of ten may all differ and still match a pod or
    // two.
    int values = TEN * policies;
    for (int i = 0; i < policies; i++) {
      String namespace = "ns-" + i / TEN;
      if (i % TEN == 0) {
        parts.namespace(namespace, Parts.labels("ns", namespace));
      }
      for (int j = 0; j < TEN; j++) {
        Map<String, String> labels = new HashMap<>();
        for (int key = 0; key < TEN; key++) {
          labels.put("k" + key, "v" + random.nextInt(values));
        }
        parts.workload(namespace, "app-" + i + "-" + j, Parts.labels(labels), List.of(), 1);
      }
      List<PolicyRule> rules = new ArrayList<>();
      for (int j = 0; j < TEN; j++) {
        rules.add(
            Parts.from(new Peers.AnyOf(peers(namespace, values, random)), ports(i * TEN + j)));
      }
      parts.policy(
          namespace,
          "policy-" + i,
          in(values, random),
          EnumSet.of(Direction.INGRESS),
          rules.toArray(PolicyRule[]::new));
    }
    return parts.cluster();
  }

  private static List<Peer> peers(String namespace, int values, SplittableRandom random) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < TEN; i++) {
      peers.add(Parts.pods(namespace, in(values, random)));
    }
    return peers;
  }

  private static Selector in(int values, SplittableRandom random) {
    List<String> list = new ArrayList<>();
    for (int i = 0; i < TEN; i++) {
      list.add("v" + random.nextInt(values));
    }
    return Selector.of(new Requirement("k" + random.nextInt(TEN), Operator.IN, list));
  }

  /** Ten ports of which the first two spell the rule's number, so that no list is another's. */
  private static Ports ports(int rule) {
    List<Ports.PortMatch> ports = new ArrayList<>();
    ports.add(Parts.port(Protocol.TCP, 1 + rule % 200));
    ports.add(Parts.port(Protocol.TCP, 201 + rule / 200 % 60_000));
    for (int i = 2; i < TEN; i++) {
      ports.add(Parts.port(Protocol.UDP, 1 + (rule * 13 + i * 4099) % 65_535));
    }
    return new Ports.AnyOf(ports);
  }
}
