package dev.postern.suggestion;

import dev.postern.cluster.Workload;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.suggestion.SuggestedRule.Purpose;
import dev.postern.traffic.Count;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes suggested policies as YAML, with comments that say what each rule is for. The same policies are the same text. */
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
    if (policy.kind().namespaced()) {
      yaml.line(2, "namespace: " + YamlLines.scalar(policy.namespace()));
    }
    yaml.line(0, "spec:");
    if (policy.kind() == PolicyKind.NETWORK_POLICY) {
      yaml.selector(2, "podSelector", 4, policy.subject().pods());
      yaml.line(
          2,
          "policyTypes: "
              + YamlLines.list(
                  policy.isolates().stream().sorted().map(PolicyText::type).toList()));
      for (Direction direction : policy.isolates().stream().sorted().toList()) {
        rules(yaml, suggested, direction);
      }
    } else {
      yaml.line(2, "tier: " + policy.tier().word());
      yaml.line(2, "priority: " + policy.priority());
      yaml.line(2, "subject:");
      RuleText.orderedPods(
          yaml, 4, "", policy.subject().namespaces(), policy.subject().pods());
      for (Direction direction : Direction.values()) {
        if (!suggested.rules(direction).isEmpty()) {
          rules(yaml, suggested, direction);
        }
      }
    }
    return yaml.toString();
  }

  private static void rules(YamlLines yaml, SuggestedPolicy suggested, Direction direction) {
    List<SuggestedRule> rules = suggested.rules(direction);
    if (rules.isEmpty()) {
      if (!suggested.isDefaultDeny()) {
        yaml.comment(
            2,
            direction == Direction.INGRESS
                ? "nobody was seen to call it"
                : "it was not seen to call anybody");
      }
      yaml.line(2, direction.field() + ": []");
      return;
    }
    yaml.line(2, direction.field() + ":");
    rules.forEach(rule ->
        rule(yaml, rule, suggested.policy().kind(), 4, suggested.policy().namespace()));
  }

  private static void rule(
      YamlLines yaml, SuggestedRule rule, PolicyKind kind, int indent, String own) {
    comments(rule).forEach(comment -> yaml.comment(indent, comment));
    if (kind == PolicyKind.NETWORK_POLICY) {
      RuleText.of(yaml, indent, rule.rule(), own);
    } else {
      RuleText.ordered(yaml, indent, rule.rule());
    }
  }

  /**
   * Rules of a NetworkPolicy as lines of a list, with their comments.
   *
   * @param indent how many blanks stand before the dash
   * @param own the namespace of the policy
   */
  static String rules(List<SuggestedRule> rules, int indent, String own) {
    YamlLines yaml = new YamlLines();
    rules.forEach(rule -> rule(yaml, rule, PolicyKind.NETWORK_POLICY, indent, own));
    return yaml.toString();
  }

  /** A manifest of all policies. */
  public static String of(List<SuggestedPolicy> policies) {
    return policies.stream().map(PolicyText::of).collect(Collectors.joining("---\n"));
  }

  /**
   * The policies as a reader understands their text: what is proved is what is written.
   *
   * @throws IllegalStateException if they cannot be read back, which would be a mistake in this package
   */
  public static List<Policy> readBack(List<SuggestedPolicy> policies) {
    if (policies.isEmpty()) {
      return List.of();
    }
    Loaded read = Manifests.read(Source.text("suggested.yaml", of(policies)));
    if (!read.diagnostics().isEmpty() || read.cluster().policies().size() != policies.size()) {
      throw new IllegalStateException(
          "suggested policies cannot be read back: " + read.diagnostics());
    }
    return read.cluster().policies();
  }

  static String type(Direction direction) {
    return direction == Direction.INGRESS ? "Ingress" : "Egress";
  }

  // --- comments

  private static String head(SuggestedPolicy suggested) {
    if (suggested.isDefaultDeny()) {
      return suggested.subject().name() + ": what no other policy allows is denied";
    }
    Set<SeenEdge> edges = new LinkedHashSet<>();
    suggested.rules().forEach(rule -> edges.addAll(rule.seen()));
    Optional<Evidence> sum = edges.stream().map(SeenEdge::evidence).reduce(Evidence::plus);
    StringBuilder head = new StringBuilder(suggested.subject().name())
        .append(": ")
        .append(
            sum.map(all -> edges.size() + (edges.size() == 1 ? " edge, " : " edges, ") + words(all))
                .orElse("isolated, and nothing else"));
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
    } else if (purpose == Purpose.DENIES_REST) {
      comments.add(
          suggested.rule().direction() == Direction.INGRESS
              ? "no other pods; addresses that call pass, since a ClusterNetworkPolicy cannot name them"
              : "nobody else");
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
      flows = Count.plus(flows, edge.evidence().flows());
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
