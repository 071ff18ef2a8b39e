package dev.postern.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.anomaly.Anomalies;
import dev.postern.anomaly.Finding;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.policy.Subject;
import dev.postern.policy.Tier;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import dev.postern.testing.Tries;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * No advice lies: it is read as a person reads it, made in manifests whose {@code policyTypes} the API server fills in anew where they are
 * left out, and judged by the definition over every family.
 */
class AdviceTest {

  private static final Pattern REMOVE =
      Pattern.compile("remove (\\S+) (ingress|egress)\\[(\\d+)].*");
  private static final Pattern WRITE = Pattern.compile(
      "write `policyTypes: \\[([^]]+)]` into (\\S+), and only then remove its (.*)");
  private static final Pattern PLACE = Pattern.compile("(ingress|egress)\\[(\\d+)]");
  private static final Pattern ADD = Pattern.compile(
      "add a NetworkPolicy to namespace (\\S+) that selects (\\S+) and has `policyTypes: \\[(\\w+)]`");

  /** Few rules, so that the last one often goes. */
  private static final Profile.Size FEW = new Profile.Size(2, 4, 2, 4, 1);

  private static final AtomicInteger WRITTEN = new AtomicInteger();
  private static final AtomicInteger DUAL = new AtomicInteger();
  private static final AtomicInteger HELD = new AtomicInteger();

  @AfterContainer
  static void whatIsHardWasSeen() {
    System.out.println("advice with policyTypes: " + WRITTEN + ", over two families: " + DUAL
        + ", rules that hold an isolation: " + HELD);
    assertThat(WRITTEN).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(DUAL).hasValueGreaterThanOrEqualTo(Tries.share(1));
    assertThat(HELD).hasValueGreaterThanOrEqualTo(Tries.share(1));
  }

  /** Policies as someone edits them: what is removed, what is written, by id. */
  private static final class Manifests {

    private final Map<Policy, Set<PolicyRule>> removed = new LinkedHashMap<>();
    private final Map<Policy, Set<Direction>> types = new LinkedHashMap<>();
    private final List<Policy> added = new ArrayList<>();
    private final Cluster cluster;

    Manifests(Cluster cluster) {
      this.cluster = cluster;
    }

    void make(String step) {
      Matcher remove = REMOVE.matcher(step);
      Matcher write = WRITE.matcher(step);
      Matcher add = ADD.matcher(step);
      if (remove.matches()) {
        remove(policy(remove.group(1)), remove.group(2), remove.group(3));
      } else if (write.matches()) {
        Set<Direction> written = EnumSet.noneOf(Direction.class);
        for (String type : write.group(1).split(", ")) {
          written.add(direction(type));
        }
        types.put(policy(write.group(2)), written);
        Matcher place = PLACE.matcher(write.group(3));
        while (place.find()) {
          remove(policy(write.group(2)), place.group(1), place.group(2));
        }
      } else {
        assertThat(add.matches()).as(step).isTrue();
        added.add(isolating(add.group(1), add.group(2), direction(add.group(3))));
      }
    }

    private void remove(Policy policy, String field, String index) {
      removed
          .computeIfAbsent(policy, each -> new HashSet<>())
          .add(policy.rules(direction(field)).get(Integer.parseInt(index)));
    }

    private static Direction direction(String word) {
      return word.equalsIgnoreCase("ingress") ? Direction.INGRESS : Direction.EGRESS;
    }

    private Policy policy(String id) {
      return cluster.policies().stream()
          .filter(policy -> policy.id().equals(id))
          .findFirst()
          .orElseThrow();
    }

    private Policy isolating(String namespace, String workload, Direction direction) {
      Workload selected = cluster.workloads().stream()
          .filter(each -> each.id().equals(workload))
          .findFirst()
          .orElseThrow();
      List<Requirement> labels = new ArrayList<>();
      selected.labels().forEach((key, value) -> labels.add(Requirement.equal(key, value)));
      return new Policy(
          PolicyKind.NETWORK_POLICY,
          namespace,
          "added-" + added.size(),
          Tier.NETWORK_POLICY,
          0,
          new Subject(new NamespaceSelection.Named(namespace), new Selector(labels)),
          Set.of(direction),
          List.of(),
          List.of(),
          selected.origin());
    }

    /** As the API server would have it, by the words of its own documentation. */
    Cluster applied() {
      List<Policy> policies = new ArrayList<>(added);
      for (Policy policy : cluster.policies()) {
        Set<PolicyRule> gone = removed.getOrDefault(policy, Set.of());
        List<PolicyRule> ingress =
            policy.ingress().stream().filter(rule -> !gone.contains(rule)).toList();
        List<PolicyRule> egress =
            policy.egress().stream().filter(rule -> !gone.contains(rule)).toList();
        Set<Direction> isolates = types.getOrDefault(policy, policy.isolates());
        if (policy.typesDefaulted() && !types.containsKey(policy)) {
          isolates = egress.isEmpty()
              ? EnumSet.of(Direction.INGRESS)
              : EnumSet.of(Direction.INGRESS, Direction.EGRESS);
        }
        policies.add(new Policy(
            policy.kind(),
            policy.namespace(),
            policy.name(),
            policy.tier(),
            policy.priority(),
            policy.subject(),
            isolates,
            ingress,
            egress,
            policy.origin()));
      }
      return cluster.withPolicies(policies);
    }
  }

  @Provide
  Arbitrary<Cluster> networkPolicies() {
    Profile all = Profile.NETWORK_POLICY;
    return Clusters.of(new Profile(all.families(), all.kinds(), all.features(), FEW))
        .map(AdviceTest::withOneEgressRuleThatIsolates);
  }

  /** The same under an admin policy that decides all egress to pods before. */
  @Provide
  Arbitrary<Cluster> shadowed() {
    return networkPolicies().map(cluster -> {
      List<Policy> policies = new ArrayList<>(cluster.policies());
      policies.add(new Policy(
          PolicyKind.ADMIN_NETWORK_POLICY,
          "",
          "inside",
          Tier.ADMIN,
          5,
          new Subject(NamespaceSelection.ALL, Selector.EVERYTHING),
          Set.of(),
          List.of(),
          List.of(new PolicyRule(
              Direction.EGRESS,
              0,
              "",
              Action.ALLOW,
              new Peers.AnyOf(
                  List.of(new Peer.Pods(NamespaceSelection.ALL, Selector.EVERYTHING, Origin.NONE))),
              Ports.ALL,
              Origin.NONE)),
          Origin.NONE));
      return cluster.withPolicies(policies);
    });
  }

  /** Every policy that isolates egress does so because there is a rule. */
  private static Cluster withOneEgressRuleThatIsolates(Cluster cluster) {
    return cluster.withPolicies(cluster.policies().stream()
        .map(policy -> policy.egress().isEmpty()
            ? policy
            : new Policy(
                policy.kind(),
                policy.namespace(),
                policy.name(),
                policy.tier(),
                policy.priority(),
                policy.subject(),
                EnumSet.allOf(Direction.class),
                policy.ingress(),
                policy.egress().subList(0, 1),
                policy.origin(),
                true))
        .toList());
  }

  @Property(tries = 500)
  void whatIsToDenyAFlowDeniesItInEveryFamilyAndOpensNoMoreThanIsSaid(
      @ForAll("networkPolicies") Cluster cluster, @ForAll Random random) {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    List<Flow> others = ExplanationPropertiesTest.flows(cluster, random, 30);
    for (Flow flow : ExplanationPropertiesTest.flows(cluster, random, 6)) {
      Judgement judgement = reference.judge(flow);
      if (judgement.verdict() != FlowVerdict.ALLOWED) {
        continue;
      }
      for (Change change : Explanation.of(judgement, cluster, Options.DEFAULT).changes()) {
        Manifests manifests = new Manifests(cluster);
        change.steps().forEach(manifests::make);
        Reference after = new Reference(manifests.applied(), Options.DEFAULT);
        List<Flow> families = families(flow);
        for (Flow each : families) {
          assertThat(after.judge(each).verdict())
              .as("%s by %s", each, change.steps())
              .isEqualTo(FlowVerdict.DENIED);
        }
        DUAL.addAndGet(families.size() > 1 ? 1 : 0);
        WRITTEN.addAndGet(change.steps().stream().anyMatch(s -> s.startsWith("write")) ? 1 : 0);
        if (change.effect().opened().isEmpty()) {
          for (Flow other : others) {
            if (reference.judge(other).verdict() == FlowVerdict.DENIED) {
              assertThat(after.judge(other).verdict())
                  .as("%s by %s", other, change.steps())
                  .isEqualTo(FlowVerdict.DENIED);
            }
          }
        }
      }
    }
  }

  @Property(tries = 300)
  void whatIsToAllowAFlowAllowsItInEveryFamily(@ForAll Cluster cluster, @ForAll Random random) {
    Reference reference = new Reference(cluster, Options.DEFAULT);
    for (Flow flow : ExplanationPropertiesTest.flows(cluster, random, 6)) {
      Judgement judgement = reference.judge(flow);
      if (judgement.verdict() != FlowVerdict.DENIED) {
        continue;
      }
      for (Change change : Explanation.of(judgement, cluster, Options.DEFAULT).changes()) {
        Reference after = new Reference(change.after(), Options.DEFAULT);
        for (Flow each : families(flow)) {
          assertThat(after.judge(each).verdict())
              .as("%s by %s", each, change.steps())
              .isEqualTo(FlowVerdict.ALLOWED);
        }
        for (Policy policy : change.after().policies()) {
          assertThat(!policy.typesDefaulted()
                  || policy.isolates().contains(Direction.EGRESS)
                      != policy.egress().isEmpty())
              .isTrue();
        }
      }
    }
  }

  @Property(tries = 500)
  void aRuleThatIsSaidToDoNothingDoesNothingWhenItIsRemovedAsAdvised(
      @ForAll("shadowed") Cluster cluster, @ForAll Random random) {
    Reference before = new Reference(cluster, Options.DEFAULT);
    List<Flow> flows = ExplanationPropertiesTest.flows(cluster, random, 40);
    List<Finding> findings = Anomalies.of(Plan.of(cluster));
    Set<Policy> isolating = Finding.isolatingByRules(findings);
    for (Finding finding : findings) {
      boolean superfluous = Set.of(
              Finding.Kind.REDUNDANT_RULE,
              Finding.Kind.SHADOWED_RULE,
              Finding.Kind.POINTLESS_RULE,
              Finding.Kind.INERT_RULES)
          .contains(finding.kind());
      if (!superfluous) {
        continue;
      }
      PolicyRule rule = finding.rule().orElseThrow();
      Manifests manifests = new Manifests(cluster);
      if (rule.direction() == Direction.EGRESS && isolating.contains(finding.policy())) {
        HELD.incrementAndGet();
        manifests.types.put(finding.policy(), finding.policy().isolates());
      }
      manifests.removed.put(finding.policy(), Set.of(rule));
      Reference after = new Reference(manifests.applied(), Options.DEFAULT);
      for (Flow flow : flows) {
        assertThat(after.judge(flow).verdict())
            .as("%s without %s of %s", flow, rule.field(), finding.policy())
            .isEqualTo(before.judge(flow).verdict());
      }
    }
  }

  /** The flow between all addresses of its pods, a family each, by other means than the product's. */
  private static List<Flow> families(Flow flow) {
    Map<Family, Flow> flows = new TreeMap<>();
    if (flow.source() instanceof End.InPod from
        && flow.destination() instanceof End.InPod to
        && from.pod().isPresent()
        && to.pod().isPresent()) {
      from.pod()
          .get()
          .addresses()
          .forEach(source -> to.pod().get().addresses().forEach(destination -> {
            if (source.family() == destination.family()) {
              flows.putIfAbsent(
                  source.family(),
                  new Flow(
                      new End.InPod(from.workload(), from.pod(), Optional.of(source)),
                      new End.InPod(to.workload(), to.pod(), Optional.of(destination)),
                      flow.protocol(),
                      flow.port()));
            }
          }));
    }
    List<Flow> all = new ArrayList<>(flows.values());
    all.add(flow);
    return all;
  }
}
