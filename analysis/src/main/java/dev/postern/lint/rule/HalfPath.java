package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.algebra.ClassSet;
import dev.postern.anomaly.Finding;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Diagnostic.Related;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Direction;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** An allow that the other end denies: half of a path that somebody meant to open. */
@AutoService(LintRule.class)
public final class HalfPath implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP313",
      "HALF_OPEN",
      Severity.WARNING,
      "`{1}` of {0} opens half a path: the {2} of every peer it names denies this traffic{3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "half a path";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    FindingsByCause groups = new FindingsByCause(found);
    Isolating isolating = new Isolating(input);
    for (Finding finding : input.anomalies(Finding.Kind.HALF_OPEN)) {
      PolicyRule rule = finding.rule().orElseThrow();
      List<Policy> denying = denying(input, finding.policy(), rule, isolating);
      if (input.isMixed(finding.policy().namespace())
          || denying.stream().anyMatch(policy -> input.isMixed(policy.namespace()))) {
        continue;
      }
      List<String> names = denying.stream().map(Policy::toString).toList();
      Object cause = denying.isEmpty() ? List.of(finding.policy().toString(), rule.field()) : names;
      groups.add(cause, diagnostic(finding, rule, denying, names));
    }
  }

  /** The policies that isolate the peers in the other direction: the cause. */
  private static List<Policy> denying(
      LintInput input, Policy policy, PolicyRule rule, Isolating isolating) {
    ClassSet peers = rule.peers() instanceof Peers.AnyOf any
        ? ClassSet.union(any.peers().stream()
            .map(peer -> input.plan().matched(policy, rule, peer))
            .toList())
        : ClassSet.EMPTY;
    Direction other = rule.direction() == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS;
    return isolating.of(other, peers);
  }

  /** Which policies isolate which classes, looked up once: a cluster may have thousands of each. */
  private static final class Isolating {

    private final List<Policy> policies;
    private final Map<Direction, Map<Integer, BitSet>> byClass = new EnumMap<>(Direction.class);

    Isolating(LintInput input) {
      this.policies = input.cluster().policies();
      for (Direction direction : Direction.values()) {
        Map<Integer, BitSet> numbers = new HashMap<>();
        byClass.put(direction, numbers);
        for (int number = 0; number < policies.size(); number++) {
          int policy = number;
          if (policies.get(policy).isolates().contains(direction)) {
            input
                .plan()
                .targets(policies.get(policy))
                .forEach(each ->
                    numbers.computeIfAbsent(each, unused -> new BitSet()).set(policy));
          }
        }
      }
    }

    /** Those that isolate any of these, in the cluster's order. */
    List<Policy> of(Direction direction, ClassSet classes) {
      BitSet found = new BitSet();
      Map<Integer, BitSet> numbers = Objects.requireNonNull(byClass.get(direction));
      classes.forEach(each -> Optional.ofNullable(numbers.get(each)).ifPresent(found::or));
      return found.stream().mapToObj(policies::get).toList();
    }
  }

  private static Diagnostic diagnostic(
      Finding finding, PolicyRule rule, List<Policy> denying, List<String> names) {
    boolean in = rule.direction() == Direction.INGRESS;
    String by = denying.isEmpty() ? "" : " by " + FindingNames.some(names);
    return CODE.at(finding.origin(), finding.policy(), rule.field(), in ? "egress" : "ingress", by)
        .hint(finding.witness().map(flow -> "for example " + flow).orElse(""))
        .related(denying.stream()
            .limit(3)
            .map(policy -> new Related(policy.toString(), policy.origin()))
            .toList())
        .severity(isPointed(rule) ? Severity.WARNING : Severity.INFO);
  }

  /** Whether the rule names certain pods: a rule for everyone is not about those who cannot use it. */
  private static boolean isPointed(PolicyRule rule) {
    return rule.peers() instanceof Peers.AnyOf any
        && any.peers().stream()
            .allMatch(peer -> peer instanceof Peer.Pods pods && !pods.pods().isEverything());
  }
}
