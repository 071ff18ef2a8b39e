package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.suggestion.SuggestedRule.Purpose;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes suggested NetworkPolicies as YAML, with comments that say what each rule is for. The same policies are the same text. */
public final class PolicyText {

  /** More edges than this are a matter for JSON. */
  private static final int MOST = 12;

  private PolicyText() {}

  /** A manifest of one policy. */
  public static String of(SuggestedPolicy suggested) {
    YamlLines yaml = new YamlLines();
    Policy policy = suggested.policy();
    yaml.comment(0, head(suggested));
    yaml.line(0, "apiVersion: " + policy.kind().apiVersion());
    yaml.line(0, "kind: " + policy.kind().kind());
    yaml.line(0, "metadata:");
    yaml.line(2, "name: " + YamlLines.scalar(policy.name()));
    yaml.line(2, "namespace: " + YamlLines.scalar(policy.namespace()));
    yaml.line(0, "spec:");
    yaml.selector(2, "podSelector", 4, policy.subject().pods());
    yaml.line(
        2,
        "policyTypes: "
            + YamlLines.list(
                policy.isolates().stream().sorted().map(PolicyText::type).toList()));
    for (Direction direction : policy.isolates().stream().sorted().toList()) {
      List<SuggestedRule> rules = suggested.rules(direction);
      if (rules.isEmpty()) {
        yaml.comment(
            2,
            direction == Direction.INGRESS
                ? "nobody was seen to call it"
                : "it was not seen to call anybody");
        yaml.line(2, direction.field() + ": []");
      } else {
        yaml.line(2, direction.field() + ":");
        rules.forEach(rule -> rule(yaml, 4, rule, policy.namespace()));
      }
    }
    return yaml.toString();
  }

  /** A manifest of all policies. */
  public static String of(List<SuggestedPolicy> policies) {
    return policies.stream().map(PolicyText::of).collect(Collectors.joining("---\n"));
  }

  static String type(Direction direction) {
    return direction == Direction.INGRESS ? "Ingress" : "Egress";
  }

  /**
   * A rule as an entry of a list, with its comments.
   *
   * @param indent where the dash stands
   * @param own the namespace of the policy
   */
  static void rule(YamlLines yaml, int indent, SuggestedRule suggested, String own) {
    comments(suggested).forEach(comment -> yaml.comment(indent, comment));
    PolicyRule rule = suggested.rule();
    yaml.line(indent, "- " + (rule.direction() == Direction.INGRESS ? "from:" : "to:"));
    for (Peer peer : ((Peers.AnyOf) rule.peers()).peers()) {
      peer(yaml, indent + 4, peer, own);
    }
    yaml.line(indent + 2, "ports:");
    for (Ports.PortMatch match : ((Ports.AnyOf) rule.ports()).matches()) {
      port(yaml, indent + 4, match);
    }
  }

  private static void peer(YamlLines yaml, int indent, Peer peer, String own) {
    if (peer instanceof Peer.IpBlock block) {
      yaml.line(indent, "- ipBlock:");
      yaml.line(indent + 4, "cidr: \"" + block.cidr() + "\"");
      if (!block.except().isEmpty()) {
        yaml.line(indent + 4, "except:");
        for (Cidr except : block.except()) {
          yaml.line(indent + 6, "- \"" + except + "\"");
        }
      }
      return;
    }
    Peer.Pods pods = (Peer.Pods) peer;
    String dash = "- ";
    if (!pods.namespaces().equals(new NamespaceSelection.Named(own))) {
      NamespaceSelection.Matching matching = (NamespaceSelection.Matching) pods.namespaces();
      yaml.selector(indent, dash + "namespaceSelector", indent + 4, matching.selector());
      dash = "  ";
    }
    if (dash.equals("- ") || !pods.pods().isEverything()) {
      yaml.selector(indent, dash + "podSelector", indent + 4, pods.pods());
    }
  }

  private static void port(YamlLines yaml, int indent, Ports.PortMatch match) {
    if (match instanceof Ports.Named named) {
      yaml.line(indent, "- protocol: " + named.protocol().map(Protocol::name).orElse("TCP"));
      yaml.line(indent + 2, "port: " + YamlLines.scalar(named.name()));
      return;
    }
    Ports.Numbered numbered = (Ports.Numbered) match;
    PortSet.Interval interval = numbered.ports().intervals().get(0);
    yaml.line(indent, "- protocol: " + numbered.protocol().name());
    yaml.line(indent + 2, "port: " + interval.first());
    if (interval.last() > interval.first()) {
      yaml.line(indent + 2, "endPort: " + interval.last());
    }
  }

  // --- comments

  private static String head(SuggestedPolicy suggested) {
    Evidence sum = null;
    int edges = 0;
    for (SuggestedRule rule : suggested.rules()) {
      for (SeenEdge edge : rule.seen()) {
        sum = sum == null ? edge.evidence() : sum.plus(edge.evidence());
        edges++;
      }
    }
    StringBuilder head = new StringBuilder(suggested.subject().name())
        .append(": ")
        .append(
            sum == null
                ? "isolated, and nothing else"
                : (edges == 1 ? "1 edge, " : edges + " edges, ") + words(sum));
    if (!suggested.subject().isExact()) {
      head.append("\nits labels select as well: ")
          .append(names(suggested.subject().others()));
    }
    return head.toString();
  }

  private static String names(List<Workload> workloads) {
    return workloads.stream().map(Workload::id).sorted().collect(Collectors.joining(", "));
  }

  private static List<String> comments(SuggestedRule suggested) {
    List<String> comments = new ArrayList<>();
    Purpose purpose = suggested.purpose();
    if (purpose == Purpose.ASKS_DNS) {
      comments.add("names: the cluster's DNS"
          + (suggested.seen().isEmpty() ? ", though it was not seen to ask" : ""));
    } else if (purpose == Purpose.ANSWERS_DNS) {
      comments.add("names: it is the cluster's DNS, which all pods may ask");
    }
    Map<String, Together> byPeer = new LinkedHashMap<>();
    boolean in = suggested.rule().direction() == Direction.INGRESS;
    boolean outside = !suggested.blocks().isEmpty();
    for (SeenEdge edge : suggested.seen()) {
      String peer = outside ? "outside" : in ? edge.source() : edge.destination();
      byPeer.computeIfAbsent(peer, name -> new Together()).add(edge, in);
    }
    List<String> lines = new ArrayList<>();
    byPeer.forEach((peer, edges) -> lines.add(edges.words(peer, outside)));
    comments.addAll(lines.subList(0, Math.min(MOST, lines.size())));
    if (lines.size() > MOST) {
      comments.add("and " + (lines.size() - MOST) + " more");
    }
    for (Block block : suggested.blocks()) {
      if (block.unseen().signum() > 0) {
        comments.add(block.cidr() + " admits " + count(block) + " that "
            + (block.unseen().equals(BigInteger.ONE) ? "was" : "were") + " not seen, beside "
            + block.seen() + " that " + (block.seen() == 1 ? "was" : "were"));
      }
    }
    if (!suggested.others().isEmpty()) {
      comments.add("its labels admit as well: " + names(suggested.others()));
    }
    return comments;
  }

  private static String count(Block block) {
    BigInteger unseen = block.unseen();
    return unseen.bitLength() > 40
        ? "about 2^" + (unseen.bitLength() - 1) + " addresses"
        : unseen + (unseen.equals(BigInteger.ONE) ? " address" : " addresses");
  }

  /** Edges of one peer. */
  private static final class Together {
    private final TreeSet<String> ports = new TreeSet<>();
    private final TreeSet<String> ends = new TreeSet<>();
    private long flows;
    private Evidence evidence = Evidence.of(0);

    void add(SeenEdge edge, boolean in) {
      ports.add(edge.protocol().word() + "/" + edge.port());
      ends.add(in ? edge.source() : edge.destination());
      evidence = flows == 0 ? edge.evidence() : evidence.plus(edge.evidence());
      flows += edge.evidence().flows();
    }

    String words(String peer, boolean outside) {
      List<String> some = ports.stream().limit(MOST).toList();
      return (outside
              ? ends.size() + (ends.size() == 1 ? " address" : " addresses") + " outside"
              : peer)
          + " on " + String.join(", ", some) + (ports.size() > some.size() ? ", …" : "") + ": "
          + PolicyText.words(evidence);
    }
  }

  /** {@code 12 flows, seen from 2026-11-20T09:00:01Z to 2026-11-20T09:02:00Z}. */
  static String words(Evidence evidence) {
    String flows = evidence.flows() + (evidence.flows() == 1 ? " flow" : " flows");
    if (evidence.first().isEmpty() || evidence.last().isEmpty()) {
      return flows;
    }
    String first = evidence.first().get().toString();
    String last = evidence.last().get().toString();
    return flows
        + (first.equals(last) ? ", seen at " + first : ", seen from " + first + " to " + last);
  }
}
