package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.Protocol;
import java.util.function.Consumer;

/** Pods whose egress is restricted and that cannot ask the cluster's DNS any more, the commonest outage of a first policy. */
@AutoService(LintRule.class)
public final class NameService implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP321",
      "NO_NAME_SERVICE",
      Severity.WARNING,
      "{0} takes names away from {1}: nothing lets it reach {2}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "pods without names";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    NameServers servers = input.nameServers();
    ClientsOfNameServers.check(
        input, CODE, Protocol.UDP, number -> !servers.canAsk(number, Protocol.UDP), found);
  }
}
