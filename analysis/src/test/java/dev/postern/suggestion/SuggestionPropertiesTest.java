package dev.postern.suggestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Tier;
import dev.postern.reach.Reachability;
import dev.postern.selector.Labels;
import dev.postern.suggestion.SuggestedRule.Purpose;
import dev.postern.suggestion.SuggestionOptions.BlockBound;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of suggestions for random clusters and traffic. */
class SuggestionPropertiesTest {

  @Provide
  static Arbitrary<Cluster> networkPolicies() {
    return Clusters.of(Profile.NETWORK_POLICY);
  }

  private static SuggestionOptions options(Random random) {
    List<Set<Direction>> directions = List.of(
        EnumSet.allOf(Direction.class),
        EnumSet.allOf(Direction.class),
        EnumSet.of(Direction.INGRESS),
        EnumSet.of(Direction.EGRESS));
    return SuggestionOptions.DEFAULT
        .withKind(
            random.nextInt(3) == 0 ? PolicyKind.CLUSTER_NETWORK_POLICY : PolicyKind.NETWORK_POLICY)
        .withPeers(Generality.values()[random.nextInt(3)])
        .withSubjects(Generality.values()[random.nextInt(2)])
        .withDirections(directions.get(random.nextInt(4)))
        .withNamedPorts(random.nextBoolean())
        .withDns(random.nextBoolean())
        .withDefaultDeny(random.nextInt(3) == 0)
        .withPriority(random.nextInt(SuggestionOptions.MOST_PRIORITY + 1))
        .withBlocks(new BlockBound(
            random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(3)) : OptionalInt.empty(),
            random.nextBoolean()
                ? Map.of(Family.IPV4, 8 + random.nextInt(25), Family.IPV6, 16 + random.nextInt(100))
                : Map.of()));
  }

  static Reachability reachability(Cluster cluster) {
    return Reachability.of(Plan.of(cluster));
  }

  /** The suggested policies as a reader understands them. */
  static List<Policy> read(Suggestion suggestion) {
    String text = PolicyText.of(suggestion.policies());
    if (text.isEmpty()) {
      return List.of();
    }
    Loaded loaded = Manifests.read(Source.text("suggested.yaml", text));
    assertThat(loaded.diagnostics()).as(text).isEmpty();
    return loaded.cluster().policies();
  }

  private static Cluster with(Cluster cluster, List<Policy> more) {
    return cluster.withPolicies(
        Stream.concat(cluster.policies().stream(), more.stream()).toList());
  }

  @Property(tries = 300)
  void aReaderUnderstandsOfTheTextWhatWasMeant(@ForAll Cluster cluster, @ForAll Random random) {
    Suggestion suggestion = Suggestion.of(
        reachability(cluster), new SeenTraffic(cluster, random).flows(12), options(random));
    List<Policy> read =
        read(suggestion).stream().sorted(Comparator.comparing(Policy::id)).toList();
    assertThat(read).hasSameSizeAs(suggestion.policies());
    for (int i = 0; i < read.size(); i++) {
      Policy meant = suggestion.policies().get(i).policy();
      assertThat(read.get(i).id()).isEqualTo(meant.id());
      assertThat(read.get(i).subject()).isEqualTo(meant.subject());
      assertThat(read.get(i).isolates()).isEqualTo(meant.isolates());
      assertThat(read.get(i).tier()).isEqualTo(meant.tier());
      assertThat(read.get(i).priority()).isEqualTo(meant.priority());
      for (Direction direction : Direction.values()) {
        assertThat(rules(read.get(i), direction)).isEqualTo(rules(meant, direction));
      }
    }
  }

  private static List<Object> rules(Policy policy, Direction direction) {
    List<Object> rules = new ArrayList<>();
    for (PolicyRule rule : policy.rules(direction)) {
      rules.add(List.of(rule.peers().withoutOrigins(), rule.ports().withoutOrigins()));
    }
    return rules;
  }

  @Property(tries = 400)
  void allThatWasSeenPassesWherePoliciesAreNetworkPolicies(
      @ForAll("networkPolicies") Cluster given, @ForAll Random random) {
    SuggestionOptions options = options(random).withDirections(EnumSet.allOf(Direction.class));
    // NetworkPolicies go before those of tier Baseline.
    Cluster cluster =
        options.kind() == PolicyKind.NETWORK_POLICY ? given : given.withPolicies(List.of());
    List<SeenFlow> seen = new SeenTraffic(cluster, random).flows(12);
    Suggestion suggestion = Suggestion.of(reachability(cluster), seen, options);
    Cluster after = with(cluster, read(suggestion));
    Reference reference = new Reference(after, Options.DEFAULT);
    assertThat(suggestion.flows())
        .allSatisfy(
            flow -> assertThat(reference.judge(flow).verdict()).isEqualTo(FlowVerdict.ALLOWED));
    // What was seen between pods directly is among them, whatever became of Services.
    for (SeenFlow flow : seen) {
      if (flow.source() instanceof End.InPod
          && flow.destination() instanceof End.InPod
          && suggestion.unresolved().isEmpty()) {
        assertThat(reference
                .judge(new Flow(flow.source(), flow.destination(), flow.protocol(), flow.port()))
                .verdict())
            .isEqualTo(FlowVerdict.ALLOWED);
      }
    }
  }

  /** A policy for one isolates whoever has its labels, too. */
  @Property(tries = 300)
  void nothingIsStoppedThatPassedWhoeverPoliciesAreAskedFor(
      @ForAll("networkPolicies") Cluster given, @ForAll Random random) {
    SuggestionOptions options = options(random);
    Cluster cluster =
        options.kind() == PolicyKind.NETWORK_POLICY ? given : given.withPolicies(List.of());
    Reference before = new Reference(cluster, Options.DEFAULT);
    Set<String> asked = cluster.workloads().stream()
        .map(Workload::id)
        .filter(each -> random.nextInt(3) == 0)
        .collect(Collectors.toSet());
    Suggestion suggestion = Suggestion.of(
        reachability(cluster),
        new SeenTraffic(cluster, random).flows(12),
        options.withDefaultDeny(false),
        workload -> asked.contains(workload.id()));
    Reference after = new Reference(with(cluster, read(suggestion)), Options.DEFAULT);
    assertThat(suggestion.flows())
        .filteredOn(flow -> before.judge(flow).verdict() == FlowVerdict.ALLOWED)
        .allSatisfy(flow -> assertThat(after.judge(flow).verdict())
            .as("%s, asked for %s%n%s", flow, asked, PolicyText.of(suggestion.policies()))
            .isEqualTo(FlowVerdict.ALLOWED));
  }

  @Property(tries = 300)
  void onlyOtherTiersStopWhatWasSeen(@ForAll Cluster cluster, @ForAll Random random) {
    SuggestionOptions options = options(random)
        .withKind(PolicyKind.NETWORK_POLICY)
        .withDirections(EnumSet.allOf(Direction.class));
    Suggestion suggestion =
        Suggestion.of(reachability(cluster), new SeenTraffic(cluster, random).flows(12), options);
    SuggestionProof proof =
        SuggestionProof.of(suggestion, read(suggestion), cluster, Options.DEFAULT);
    for (Judgement stopped : proof.stopped()) {
      assertThat(Stream.of(stopped.egress(), stopped.ingress())
              .filter(side -> side.verdict() == FlowVerdict.DENIED))
          .allSatisfy(
              side -> assertThat(side.tier()).isPresent().get().isNotEqualTo(Tier.NETWORK_POLICY));
    }
  }

  /** A witness that knows nothing of selectors that were chosen, only of labels: whoever has all that stay of a pod's is like it. */
  @Property(tries = 400)
  void nothingElsePasses(@ForAll Cluster cluster, @ForAll Random random) {
    SeenTraffic traffic = new SeenTraffic(cluster, random);
    List<SeenFlow> seen = traffic.flows(8);
    SuggestionOptions options = options(random).withDns(false).withSubjects(Generality.WORKLOAD);
    Cluster open = cluster.withPolicies(List.of());
    Suggestion suggestion = Suggestion.of(reachability(open), seen, options);
    Cluster after = open.withPolicies(read(suggestion));
    SuggestionProof.of(suggestion, read(suggestion), open, Options.DEFAULT);
    Reference reference = new Reference(after, Options.DEFAULT);
    for (int i = 0; i < 60; i++) {
      Flow flow = random.nextInt(4) == 0 || suggestion.flows().isEmpty()
          ? new Flow(traffic.end(), traffic.end(), traffic.protocol(), traffic.port())
          : near(
              suggestion.flows().get(random.nextInt(suggestion.flows().size())), traffic, random);
      if (sameFamily(flow) && !isExempt(reference, flow)) {
        for (Direction direction : Direction.values()) {
          Judgement judgement = reference.judge(flow);
          boolean decided = (direction == Direction.EGRESS
                  ? judgement.egress()
                  : judgement.ingress())
              .tier()
              .isPresent();
          boolean passes =
              (direction == Direction.EGRESS ? judgement.egress() : judgement.ingress()).verdict()
                  == FlowVerdict.ALLOWED;
          if (decided && passes) {
            assertThat(suggestion.flows())
                .as(direction + " of " + flow + "\n" + PolicyText.of(suggestion.policies()))
                .anyMatch(call -> isLike(call, flow, direction, options));
          }
        }
      }
    }
  }

  private static boolean isExempt(Reference reference, Flow flow) {
    return reference.judge(flow).exemption() != Judgement.Exemption.NONE;
  }

  private static Flow near(Flow flow, SeenTraffic traffic, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Flow(traffic.end(), flow.destination(), flow.protocol(), flow.port());
      case 1 -> new Flow(flow.source(), traffic.end(), flow.protocol(), flow.port());
      case 2 -> new Flow(flow.source(), flow.destination(), flow.protocol(), traffic.port());
      default -> new Flow(flow.source(), flow.destination(), traffic.protocol(), flow.port());
    };
  }

  private static boolean sameFamily(Flow flow) {
    return family(flow.source()).equals(family(flow.destination()));
  }

  private static String family(End end) {
    return end instanceof End.Outside outside
        ? outside.address().family().name()
        : ((End.InPod) end).address().map(a -> a.family().name()).orElse("IPV4");
  }

  private static boolean isLike(
      Flow call, Flow flow, Direction direction, SuggestionOptions options) {
    boolean out = direction == Direction.EGRESS;
    End subject = out ? flow.source() : flow.destination();
    End peer = out ? flow.destination() : flow.source();
    End seenSubject = out ? call.source() : call.destination();
    End seenPeer = out ? call.destination() : call.source();
    if (call.protocol() != flow.protocol() || call.port() != flow.port()) {
      return false;
    }
    if (!hasLabelsOf(subject, seenSubject)) {
      return false;
    }
    if (peer instanceof End.Outside outside) {
      return seenPeer instanceof End.Outside seen
          && (options.blocks().equals(BlockBound.EXACT)
              ? seen.equals(outside)
              : seen.address().family() == outside.address().family());
    }
    return seenPeer instanceof End.InPod seen
        && switch (options.peers()) {
          case WORKLOAD -> hasLabelsOf(peer, seen);
          case NAMESPACE ->
            ((End.InPod) peer).workload().namespace().equals(seen.workload().namespace());
          case CLUSTER -> true;
        };
  }

  private static boolean hasLabelsOf(End end, End seen) {
    if (!(end instanceof End.InPod pod) || !(seen instanceof End.InPod other)) {
      return false;
    }
    Workload one = pod.workload();
    Labels labels = other.workload().labels();
    boolean all = one.namespace().equals(other.workload().namespace());
    for (int i = 0; i < labels.size(); i++) {
      all &= one.labels().get(labels.key(i)).filter(labels.value(i)::equals).isPresent();
    }
    return all;
  }

  @Property(tries = 300)
  void suggestingAgainChangesNothing(@ForAll Cluster cluster, @ForAll Random random) {
    SuggestionOptions options = options(random);
    List<SeenFlow> seen = new SeenTraffic(cluster, random).flows(12);
    Suggestion first = Suggestion.of(reachability(cluster), seen, options);
    Cluster after = with(cluster, read(first));
    assertThat(Suggestion.of(reachability(after), seen, options).policies()).isEmpty();
  }

  @Property(tries = 300)
  void aNamespaceThatIsToBeDeniedTheRestIsIsolatedAsAWhole(
      @ForAll("networkPolicies") Cluster given, @ForAll Random random) {
    SuggestionOptions options = options(random).withDefaultDeny(true);
    Cluster cluster =
        options.kind() == PolicyKind.NETWORK_POLICY ? given : given.withPolicies(List.of());
    Suggestion suggestion =
        Suggestion.of(reachability(cluster), new SeenTraffic(cluster, random).flows(12), options);
    Cluster after = with(cluster, read(suggestion));
    Reference reference = new Reference(after, Options.DEFAULT);
    Set<String> namespaces = new java.util.TreeSet<>();
    suggestion.policies().forEach(each -> namespaces.add(each.subject().namespace()));
    SeenTraffic traffic = new SeenTraffic(cluster, random);
    for (int i = 0; i < 60; i++) {
      Flow flow = new Flow(traffic.end(), traffic.end(), traffic.protocol(), traffic.port());
      Judgement judgement = reference.judge(flow);
      if (!sameFamily(flow) || isExempt(reference, flow)) {
        continue;
      }
      for (Direction direction : options.directions()) {
        End subject = direction == Direction.EGRESS ? flow.source() : flow.destination();
        if (subject instanceof End.InPod pod
            && !pod.workload().hostNetwork()
            && namespaces.contains(pod.workload().namespace())) {
          // Some policy decides, but for whom a ClusterNetworkPolicy cannot name.
          boolean decided = (direction == Direction.EGRESS
                  ? judgement.egress()
                  : judgement.ingress())
              .tier()
              .isPresent();
          assertThat(decided
                  || !(flow.source() instanceof End.InPod)
                  || !(flow.destination() instanceof End.InPod))
              .as("%s of %s%n%s", direction, flow, PolicyText.of(suggestion.policies()))
              .isTrue();
        }
      }
    }
  }

  @Property(tries = 300)
  void thereAreNoMoreRulesThanEdges(@ForAll Cluster cluster, @ForAll Random random) {
    Suggestion suggestion = Suggestion.of(
        reachability(cluster), new SeenTraffic(cluster, random).flows(30), options(random));
    for (Direction direction : Direction.values()) {
      long rules = suggestion.policies().stream()
          .flatMap(policy -> policy.rules(direction).stream())
          .filter(rule -> rule.purpose() == Purpose.SEEN)
          .count();
      assertThat(rules).isLessThanOrEqualTo(suggestion.edges().size());
    }
    assertThat(suggestion.policies())
        .allSatisfy(policy -> assertThat(
                policy.rules().stream().filter(rule -> rule.purpose() == Purpose.SEEN))
            .allSatisfy(rule -> assertThat(rule.seen()).isNotEmpty()));
  }

  @Property(tries = 150)
  void theOrderOfFlowsDoesNotMatter(@ForAll Cluster cluster, @ForAll Random random) {
    List<SeenFlow> seen = new ArrayList<>(new SeenTraffic(cluster, random).flows(20));
    SuggestionOptions options = options(random);
    String text =
        PolicyText.of(Suggestion.of(reachability(cluster), seen, options).policies());
    Collections.shuffle(seen, random);
    assertThat(PolicyText.of(Suggestion.of(reachability(cluster), seen, options).policies()))
        .isEqualTo(text);
  }
}
