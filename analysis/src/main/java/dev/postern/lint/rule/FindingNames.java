package dev.postern.lint.rule;

import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.Decision.Cause;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.Collection;
import java.util.List;

/** How findings name things. */
final class FindingNames {

  /** As many things a message names. */
  private static final int NAMED = 3;

  private FindingNames() {}

  /** {@code `a`, `b` and 3 more}. */
  static String quoted(Collection<String> names) {
    return some(names.stream().distinct().map(name -> "`" + name + "`").toList());
  }

  /** {@code a, b and 3 more}. */
  static String some(List<String> names) {
    return names.stream().collect(ShortList.ofFirst(NAMED));
  }

  /** {@code 1 pod}, {@code 2 pods}. */
  static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** The field that holds a direction's peers. */
  static String list(Direction direction) {
    return direction == Direction.INGRESS ? "from" : "to";
  }

  /** {@code ingress[0].from[1]}. */
  static String peer(PolicyRule rule, int index) {
    return rule.field() + "." + list(rule.direction()) + "[" + index + "]";
  }

  /** {@code `ingress[0]` of NetworkPolicy shop/db}. */
  static String rule(Policy policy, PolicyRule rule) {
    return "`" + rule.field() + "` of " + policy;
  }

  /** {@code every port}, {@code tcp/80, http}. */
  static String ports(Ports ports) {
    return ports instanceof Ports.AnyOf any
        ? some(any.matches().stream()
            .map(match -> match instanceof Ports.Numbered numbered
                ? numbered.protocol().word() + "/"
                    + (numbered.ports().isAll()
                        ? "every port"
                        : numbered.ports().toString())
                : "`" + ((Ports.Named) match).name() + "`")
            .toList())
        : "every port";
  }

  static String cause(Cause cause) {
    return cause
        .rule()
        .map(rule -> rule(cause.policy(), rule))
        .orElse(cause.policy().toString());
  }
}
