package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.net.Cidr;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Subject;
import dev.postern.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decodes the subjects and peers of the ordered policy kinds: unions of which exactly one field is set. */
final class AdminPeerDecoder {

  private static final List<String> INGRESS_FIELDS = List.of("namespaces", "pods");
  private static final List<String> EGRESS_FIELDS =
      List.of("namespaces", "pods", "nodes", "networks", "domainNames");

  private final LabelDecoder labels;

  AdminPeerDecoder(LabelDecoder labels) {
    this.labels = labels;
  }

  Subject subject(Cursor spec, PolicyKind kind) {
    Optional<Cursor> subject = spec.field("subject");
    Optional<Cursor> namespaces = subject.flatMap(s -> s.field("namespaces"));
    Optional<Cursor> pods = subject.flatMap(s -> s.field("pods"));
    if (subject.isEmpty()) {
      spec.report(
          Code.MISSING_FIELD,
          "write `subject: {namespaces: {}}` for all pods",
          "spec of a " + kind.kind(),
          "subject");
    } else if (namespaces.isPresent() == pods.isPresent()) {
      if (pods.isPresent() || !UnknownField.hasUnknown(subject.get(), PolicyShapes.SUBJECT)) {
        subject
            .get()
            .report(
                Code.BAD_SUBJECT,
                "write `namespaces: {}` for all pods",
                pods.isPresent() ? "both" : "neither");
      }
    }
    if (pods.isPresent()) {
      Peer.Pods selected = pods(pods.get(), kind);
      return new Subject(selected.namespaces(), selected.pods());
    }
    Selector selector = namespaces.map(labels::selector).orElse(Selector.EVERYTHING);
    return new Subject(new NamespaceSelection.Matching(selector), Selector.EVERYTHING);
  }

  /** {@code pods}: both selectors are required, but for v1alpha2's namespaceSelector; one that is missing selects everything. */
  private Peer.Pods pods(Cursor pods, PolicyKind kind) {
    boolean optional = !kind.needsNamespaceSelector();
    for (String field :
        optional ? List.of("podSelector") : List.of("namespaceSelector", "podSelector")) {
      if (!pods.has(field) && pods.node() instanceof MapNode) {
        String all = field.equals("podSelector") ? "pod of those namespaces" : "namespace";
        pods.report(Code.NO_SELECTOR, "write `" + field + ": {}`", field, all);
      }
    }
    Selector where =
        pods.field("namespaceSelector").map(labels::selector).orElse(Selector.EVERYTHING);
    Selector which = pods.field("podSelector").map(labels::selector).orElse(Selector.EVERYTHING);
    return new Peer.Pods(new NamespaceSelection.Matching(where), which, pods.origin());
  }

  Optional<Peer> peer(Cursor peer, Direction direction, Action action, PolicyKind kind) {
    if (!(peer.node() instanceof MapNode map)) {
      return Optional.empty();
    }
    List<String> known = direction == Direction.INGRESS ? INGRESS_FIELDS : EGRESS_FIELDS;
    List<String> set = known.stream().filter(peer::has).toList();
    Optional<String> unknown = unknown(map, known);
    if (set.size() > 1 || (!set.isEmpty() && unknown.isPresent())) {
      String second = set.size() > 1 ? set.get(1) : unknown.orElseThrow();
      peer.report(
          Code.MIXED_PEER,
          "write two peers, each with its own dash",
          "`" + set.get(0) + "` and `" + second + "`");
      return Optional.empty();
    }
    if (set.isEmpty() && unknown.isPresent()) {
      return Optional.of(unknown(peer, unknown.get(), direction, action));
    }
    if (set.isEmpty()) {
      peer.report(Code.EMPTY_PEER, "write `namespaces: {}` for every pod");
      return Optional.empty();
    }
    Cursor value = peer.field(set.get(0)).orElseThrow();
    return switch (set.get(0)) {
      case "namespaces" ->
        Optional.of(new Peer.Pods(
            new NamespaceSelection.Matching(labels.selector(value)),
            Selector.EVERYTHING,
            peer.origin()));
      case "pods" -> {
        Peer.Pods pods = pods(value, kind);
        yield Optional.of(new Peer.Pods(pods.namespaces(), pods.pods(), peer.origin()));
      }
      case "nodes" -> Optional.of(new Peer.Nodes(labels.selector(value), peer.origin()));
      case "networks" -> Optional.of(networks(peer, value));
      default -> Optional.of(domainNames(peer, value, action, kind));
    };
  }

  private static Optional<String> unknown(MapNode map, List<String> known) {
    for (int i = 0; i < map.size(); i++) {
      if (!known.contains(map.key(i))) {
        return Optional.of(map.key(i));
      }
    }
    return Optional.empty();
  }

  private static Peer unknown(Cursor peer, String field, Direction direction, Action action) {
    boolean onlyEgress = direction == Direction.INGRESS && EGRESS_FIELDS.contains(field);
    if (onlyEgress) {
      String hint = "an ingress rule has namespaces and pods";
      peer.report(
          Code.UNKNOWN_FIELD.at(peer.fieldOrigin(field), field, "IngressPeer").hint(hint));
    } else {
      String meaning =
          action == Action.ALLOW ? "the rule matches nothing" : "the rule denies everything";
      peer.report(Code.UNKNOWN_PEER, "update Postern if the API has it", meaning);
    }
    return new Peer.Unknown(peer.origin());
  }

  private static Peer networks(Cursor peer, Cursor value) {
    List<Cursor> items = value.items();
    AdminPolicyDecoder.checkCount(peer, "networks", items.size(), 1, 25);
    List<Cidr> cidrs = new ArrayList<>();
    items.forEach(item -> Addresses.cidrOfCustomResource(item).ifPresent(cidrs::add));
    return new Peer.Networks(cidrs, peer.origin());
  }

  private static Peer domainNames(Cursor peer, Cursor value, Action action, PolicyKind kind) {
    List<Cursor> items = value.items();
    AdminPolicyDecoder.checkCount(peer, "domainNames", items.size(), 1, 25);
    if (kind == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY) {
      peer.report(
          Code.DOMAIN_NAME,
          "name the addresses in `networks`",
          "a BaselineAdminNetworkPolicy has no `domainNames`");
    } else if (action != Action.ALLOW) {
      peer.report(
          Code.DOMAIN_NAME,
          "deny `networks`, and allow the names before",
          "`domainNames` stand only in rules that allow");
    }
    List<String> names = new ArrayList<>();
    for (Cursor item : items) {
      item.string().ifPresent(name -> {
        if (!Syntax.isDomainName(name)) {
          item.report(
              Code.DOMAIN_NAME,
              "write `example.com` or `*.example.com`",
              "`" + name + "` is no domain name");
        }
        names.add(name);
      });
    }
    return new Peer.DomainNames(names, peer.origin());
  }
}
