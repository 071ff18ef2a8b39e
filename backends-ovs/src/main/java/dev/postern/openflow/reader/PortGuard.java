package dev.postern.openflow.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where it is known what is behind a port: what is sent to another port than that of its destination does not arrive there.
 *
 * @param attached what is behind which port
 * @param chains takes the chains that ask for it
 * @param unique makes a name unique among them
 */
record PortGuard(Attachments attached, Map<String, Chain> chains, UnaryOperator<String> unique) {

  /** What becomes of a packet that is sent to a port: as said, if its destination may be there. */
  RuleAction sent(FlowStep.Output output, PacketState state, RuleAction arrives) {
    if (state.rewritten().isPresent()
        || state.reply()
        || output.text().equalsIgnoreCase("in_port")) {
      return arrives;
    }
    String port = output
        .port()
        .map(slot -> state.registers().at(slot).map(BigInteger::toString).orElse(""))
        .orElse(output.text().substring(output.text().indexOf(':') + 1));
    String text = "it is sent to port " + port + ", and its destination is behind another";
    Condition astray = port.isEmpty()
        ? new Condition.Unknown("which port it is sent to")
        : attached.isAstray(port);
    String name = unique.apply("sent to port " + port);
    EnforcedRule lost = new EnforcedRule(astray, new RuleAction.Unknown(text), text, Origin.NONE);
    EnforcedRule found = new EnforcedRule(Condition.ALWAYS, arrives, output.text(), Origin.NONE);
    chains.put(name, new Chain(name, List.of(lost, found)));
    return new RuleAction.Goto(name);
  }
}
