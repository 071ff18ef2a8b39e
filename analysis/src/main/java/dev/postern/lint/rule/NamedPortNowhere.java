package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Nearest;
import dev.postern.diagnostic.Severity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A port by a name that no pod at the receiving end gives to one. */
@AutoService(LintRule.class)
public final class NamedPortNowhere implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP311",
      "NAMED_PORT_NOWHERE",
      Severity.WARNING,
      "`{1}` of {0}: no pod at the receiving end has a port of the name `{2}`{3}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a port name that no pod has";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    for (Policy policy : input.cluster().policies()) {
      for (PolicyRule rule : policy.rules()) {
        if (rule.ports() instanceof Ports.AnyOf any
            && any.matches().stream().anyMatch(Ports.Named.class::isInstance)) {
          ports(input, policy, rule, any, found);
        }
      }
    }
  }

  private static void ports(
      LintInput input,
      Policy policy,
      PolicyRule rule,
      Ports.AnyOf any,
      Consumer<Diagnostic> found) {
    Listeners receivers = input.receivers(policy, rule);
    for (int i = 0; i < any.matches().size() && !receivers.isEmpty(); i++) {
      if (any.matches().get(i) instanceof Ports.Named named && !receivers.haveName(named)) {
        found.accept(finding(input, policy, rule.field() + ".ports[" + i + "]", named, receivers));
      }
    }
  }

  private static Diagnostic finding(
      LintInput input, Policy policy, String field, Ports.Named named, Listeners receivers) {
    Optional<String> near = near(named, receivers);
    return CODE.at(named.origin(), policy, field, named.name(), near.orElse(""))
        .severity(near.isPresent() || input.options().closed() ? Severity.WARNING : Severity.INFO);
  }

  private static Optional<String> near(Ports.Named named, Listeners listeners) {
    List<Workload> receivers = listeners.workloads();
    for (Workload workload : receivers) {
      for (ContainerPort port : workload.ports()) {
        if (port.name().equals(named.name())) {
          return Optional.of(": " + workload.id() + " has it for " + port.protocol() + ", not "
              + named.protocol().orElseThrow());
        }
      }
    }
    for (Service service : listeners.services()) {
      for (Service.Port port : service.ports()) {
        if (port.name().equals(named.name())) {
          return Optional.of(": it is the name that Service " + service.id()
              + " gives to its port, which leads to " + target(port) + " of the pods");
        }
      }
    }
    for (Workload workload : receivers) {
      Optional<String> name = Nearest.to(
          named.name(),
          workload.ports().stream()
              .map(ContainerPort::name)
              .filter(other -> !other.isEmpty())
              .toList());
      if (name.isPresent()) {
        return Optional.of("; " + workload.id() + " has `" + name.get() + "`");
      }
    }
    return Optional.empty();
  }

  private static String target(Service.Port port) {
    return port.target() instanceof Service.Target.Number number
        ? Integer.toString(number.port())
        : "`" + ((Service.Target.Named) port.target()).name() + "`";
  }
}
