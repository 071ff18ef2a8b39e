package dev.postern.aws.reader;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The value of a trie's entry, read as {@code evaluateNamespacePolicyByLookUp} reads it: slot by slot.
 *
 * @param bytes the value
 */
record Slots(ByteBuffer bytes) {

  static final int SIZE = 288;

  private static final int SLOT = 12;
  private static final int ANY = 254;
  private static final int DENY = 255;
  private static final int MOST_PORTS = 65535;
  private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 132);

  static Slots of(byte[] value) {
    return new Slots(ByteBuffer.wrap(value).asReadOnlyBuffer());
  }

  /** Whether a slot of zeros, as agents leave behind the last one, lets IP protocol 0 pass. */
  boolean letsProtocolZeroPass() {
    for (int at = 0; at < SIZE; at += SLOT) {
      long protocol = number(at);
      if (protocol == DENY || protocol == ANY && number(at + 4) == 0) {
        return false;
      }
      if (protocol == 0 && number(at + 4) == 0) {
        return true;
      }
    }
    return false;
  }

  /** What a slot says that no agent known here writes, and so may mean something else; empty if none does. */
  Optional<String> newer() {
    for (int at = 0; at < SIZE; at += SLOT) {
      if (number(at) > DENY) {
        return Optional.of("protocol " + number(at));
      }
      if (number(at + 4) > MOST_PORTS || number(at + 8) > MOST_PORTS) {
        return Optional.of("ports " + number(at + 4) + " to " + number(at + 8));
      }
    }
    return Optional.empty();
  }

  List<EnforcedRule> rules() {
    List<EnforcedRule> rules = new ArrayList<>();
    for (int at = 0; at < SIZE; at += SLOT) {
      long protocol = number(at);
      if (protocol == DENY) {
        break;
      }
      Condition condition =
          Condition.all(protocols(protocol), ports(protocol, number(at + 4), number(at + 8)));
      String text = "slot " + at / SLOT + ": protocol " + protocol + ", ports " + number(at + 4)
          + " to " + number(at + 8);
      EnforcedRule rule = new EnforcedRule(condition, RuleAction.ACCEPT, text, Origin.NONE);
      if (rules.isEmpty() || !rules.get(rules.size() - 1).condition().equals(condition)) {
        rules.add(rule);
      }
    }
    rules.add(
        new EnforcedRule(Condition.ALWAYS, RuleAction.DROP, "no slot allows it", Origin.NONE));
    return rules;
  }

  private long number(int at) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(at) & 0xFFFFFFFFL;
  }

  private static Condition protocols(long protocol) {
    return protocol == ANY
        ? Condition.ALWAYS
        : protocol < 256 ? new Condition.IpProtocol(Set.of((int) protocol)) : Condition.NEVER;
  }

  /** Ports are those of TCP, UDP and SCTP; what has none is looked up with port 0, which only "any port" matches. */
  private static Condition ports(long protocol, long start, long end) {
    if (start == 0) {
      return Condition.ALWAYS;
    }
    if (start > MOST_PORTS || protocol != ANY && !WITH_PORTS.contains((int) protocol)) {
      return Condition.NEVER;
    }
    long last = Math.min(MOST_PORTS, Math.max(start, end));
    return Condition.all(
        new Condition.IpProtocol(WITH_PORTS),
        new Condition.DestinationPort((int) start, (int) last));
  }
}
