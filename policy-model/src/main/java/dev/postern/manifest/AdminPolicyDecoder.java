package dev.postern.manifest;

import dev.postern.diagnostic.Code;
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
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Decodes the ordered kinds of policy.networking.k8s.io: AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) and
 * ClusterNetworkPolicy (v1alpha2), with the validation rules of their resource definitions.
 */
final class AdminPolicyDecoder {

  /**
   * What the kinds differ in.
   *
   * @param allow the word for {@link Action#ALLOW}
   * @param passes whether rules can pass
   */
  private record Dialect(PolicyKind kind, String allow, boolean passes) {

    List<String> actions() {
      return passes ? List.of(allow, "Deny", "Pass") : List.of(allow, "Deny");
    }

    String portsField() {
      return kind.portsField();
    }
  }

  private static final Dialect ADMIN = new Dialect(PolicyKind.ADMIN_NETWORK_POLICY, "Allow", true);
  private static final Dialect BASELINE =
      new Dialect(PolicyKind.BASELINE_ADMIN_NETWORK_POLICY, "Allow", false);
  private static final Dialect CLUSTER =
      new Dialect(PolicyKind.CLUSTER_NETWORK_POLICY, "Accept", true);

  private static final int LONGEST_NAME = 100;

  private final AdminPeerDecoder peers;

  AdminPolicyDecoder(LabelDecoder labels) {
    this.peers = new AdminPeerDecoder(labels);
  }

  Policy admin(Cursor object, ObjectHead head) {
    return decode(object, head, ADMIN, Tier.ADMIN);
  }

  Policy baseline(Cursor object, ObjectHead head) {
    if (!head.name().equals("default")) {
      Cursor place = object.field("metadata").flatMap(m -> m.field("name")).orElse(object);
      place.report(Code.BASELINE_NAME, "write `name: default`", head.name());
    }
    return decode(object, head, BASELINE, Tier.BASELINE);
  }

  Policy cluster(Cursor object, ObjectHead head) {
    Optional<Cursor> spec = object.field("spec");
    Optional<Cursor> written = spec.flatMap(s -> s.field("tier"));
    String word = written.flatMap(Cursor::string).orElse("");
    if (spec.isPresent() && written.isEmpty()) {
      spec.get()
          .report(
              Code.MISSING_FIELD,
              "write `tier: Admin` or `tier: Baseline`",
              "spec of a ClusterNetworkPolicy",
              "tier");
    } else if (!word.isEmpty() && !word.equals("Admin") && !word.equals("Baseline")) {
      written
          .orElseThrow()
          .report(
              Code.NOT_ALLOWED,
              LabelDecoder.oneOf(word, List.of("Admin", "Baseline")),
              word,
              "tier");
    }
    return decode(object, head, CLUSTER, word.equals("Baseline") ? Tier.BASELINE : Tier.ADMIN);
  }

  private Policy decode(Cursor object, ObjectHead head, Dialect dialect, Tier tier) {
    Optional<Cursor> spec = object.field("spec");
    if (spec.isEmpty()) {
      object.report(Code.MISSING_FIELD, "", "a " + dialect.kind().kind(), "spec");
    }
    Subject nobody = new Subject(NamespaceSelection.ALL, Selector.EVERYTHING);
    return new Policy(
        dialect.kind(),
        "",
        head.name(),
        tier,
        dialect.equals(BASELINE)
            ? Policy.LAST
            : spec.map(s -> priority(s, dialect)).orElse(0),
        spec.map(s -> peers.subject(s, dialect.kind())).orElse(nobody),
        Set.of(),
        spec.map(s -> rules(s, Direction.INGRESS, dialect)).orElse(List.of()),
        spec.map(s -> rules(s, Direction.EGRESS, dialect)).orElse(List.of()),
        head.origin());
  }

  private static int priority(Cursor spec, Dialect dialect) {
    Optional<Cursor> written = spec.field("priority");
    if (written.isEmpty()) {
      spec.report(
          Code.MISSING_FIELD,
          "write `priority: …`, 0 to 1000",
          "spec of a " + dialect.kind().kind(),
          "priority");
      return 0;
    }
    OptionalInt priority = written.get().integer();
    boolean number = written.get().node() instanceof ScalarNode scalar
        && Scalars.integer(scalar).isPresent();
    if (number && (priority.isEmpty() || priority.getAsInt() < 0 || priority.getAsInt() > 1000)) {
      written
          .get()
          .report(
              Code.BAD_PRIORITY,
              "lower numbers come first",
              ((ScalarNode) written.get().node()).text());
    }
    return Math.max(0, Math.min(1000, priority.orElse(0)));
  }

  private List<PolicyRule> rules(Cursor spec, Direction direction, Dialect dialect) {
    List<Cursor> items = spec.items(direction.field());
    checkCount(spec, direction.field(), items.size(), 0, dialect.kind().mostEntries());
    List<PolicyRule> rules = new ArrayList<>(items.size());
    for (Cursor item : items) {
      rules.add(rule(item, direction, rules.size(), dialect));
    }
    return rules;
  }

  private PolicyRule rule(Cursor rule, Direction direction, int index, Dialect dialect) {
    String name = rule.string("name").orElse("");
    if (name.length() > LONGEST_NAME) {
      rule.field("name")
          .orElseThrow()
          .report(Code.BAD_NAME, "", name, "rule name", "up to 100 characters");
    }
    Action action = action(rule, dialect);
    String field = direction == Direction.INGRESS ? "from" : "to";
    Optional<Cursor> written = rule.field(field);
    if (written.isEmpty()) {
      String hint = "write `" + field + ": [{namespaces: {}}]` for all pods";
      rule.report(Code.MISSING_FIELD, hint, rule.label(), field);
    }
    List<Cursor> items = rule.items(field);
    if (written.isPresent()) {
      checkCount(rule, field, items.size(), 1, dialect.kind().mostEntries());
    }
    List<Peer> found = new ArrayList<>();
    for (Cursor item : items) {
      peers.peer(item, direction, action, dialect.kind()).ifPresent(found::add);
    }
    return new PolicyRule(
        direction,
        index,
        name,
        action,
        new Peers.AnyOf(found),
        ports(rule, found, dialect),
        rule.origin());
  }

  private static Action action(Cursor rule, Dialect dialect) {
    Optional<String> word = rule.string("action");
    if (!rule.has("action")) {
      rule.report(
          Code.MISSING_FIELD,
          "write one of " + String.join(", ", dialect.actions()),
          rule.label(),
          "action");
    } else if (word.isPresent() && !dialect.actions().contains(word.get())) {
      boolean otherWord = word.get().equals("Allow") || word.get().equals("Accept");
      String hint = otherWord
          ? "write `" + dialect.allow() + "`"
          : LabelDecoder.oneOf(word.get(), dialect.actions());
      rule.field("action")
          .orElseThrow()
          .report(
              Code.NOT_ALLOWED,
              hint,
              word.get(),
              "action of a " + dialect.kind().kind());
    }
    return switch (word.orElse("")) {
      case "Deny" -> Action.DENY;
      case "Pass" -> Action.PASS;
      default -> Action.ALLOW;
    };
  }

  private static Ports ports(Cursor rule, List<Peer> peers, Dialect dialect) {
    String field = dialect.portsField();
    if (!rule.has(field)) {
      return Ports.ALL;
    }
    List<Cursor> items = rule.items(field);
    checkCount(rule, field, items.size(), 1, dialect.kind().mostEntries());
    List<Ports.PortMatch> matches = new ArrayList<>(items.size());
    for (Cursor item : items) {
      Optional<Ports.PortMatch> match =
          dialect.equals(CLUSTER) ? AdminPortDecoder.protocol(item) : AdminPortDecoder.port(item);
      match.ifPresent(matches::add);
      if (match.isPresent() && match.get() instanceof Ports.Named) {
        peers.stream()
            .flatMap(peer -> nameless(peer).stream())
            .findFirst()
            .ifPresent(peer -> item.report(
                Code.NAMED_PORT_PEER,
                "write the port's number, or a rule of its own for the pods",
                peer));
      }
    }
    return new Ports.AnyOf(matches);
  }

  private static Optional<String> nameless(Peer peer) {
    return peer instanceof Peer.Networks
        ? Optional.of("networks")
        : peer instanceof Peer.Nodes
            ? Optional.of("nodes")
            : peer instanceof Peer.DomainNames ? Optional.of("domainNames") : Optional.empty();
  }

  /** Lists have bounds, so that implementations can promise something. */
  static void checkCount(Cursor object, String field, int count, int least, int most) {
    boolean list =
        object.field(field).map(Cursor::node).filter(ListNode.class::isInstance).isPresent();
    if (list && (count < least || count > most)) {
      String hint = count > most
          ? "write several rules or policies"
          : switch (field) {
            case "from", "to" -> "write `- namespaces: {}` for all pods";
            case "ports", "protocols" -> "leave `" + field + "` out for all traffic";
            default -> "leave the peer out";
          };
      object.report(Code.WRONG_COUNT
          .at(object.fieldOrigin(field), field, least + " to " + most, count)
          .hint(hint));
    }
  }
}
