package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.net.Protocol;
import java.util.function.Consumer;

/** Pods that can ask for names over UDP and not over TCP, which long answers need. */
@AutoService(LintRule.class)
public final class NameServiceOverTcp implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP326",
      "NO_NAME_SERVICE_OVER_TCP",
      Severity.INFO,
      "{0} lets {1} ask for names over UDP alone: nothing lets it reach {2}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "names over UDP alone";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    NameServers servers = input.nameServers();
    ClientsOfNameServers.check(
        input,
        CODE,
        Protocol.TCP,
        number -> servers.canAsk(number, Protocol.UDP) && !servers.canAsk(number, Protocol.TCP),
        found);
  }
}
