package dev.postern.manifest;

import dev.postern.diagnostic.Code;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Decodes networking.k8s.io/v1 NetworkPolicy: the one place where its missing and empty fields get their meaning. */
final class NetworkPolicyDecoder {

  private final LabelDecoder labels;

  NetworkPolicyDecoder(LabelDecoder labels) {
    this.labels = labels;
  }

  Policy decode(Cursor object, ObjectHead head) {
    Optional<Cursor> spec = object.field("spec");
    Selector selector =
        spec.flatMap(s -> s.field("podSelector")).map(labels::selector).orElse(Selector.EVERYTHING);
    Cursor place = spec.orElse(object);
    // A missing spec is an empty one to the API server; of a null selector that was said already.
    if (!(place.node() instanceof MapNode fields && fields.indexOf("podSelector") >= 0)
        && !UnknownField.hasUnknown(
            place, spec.isPresent() ? PolicyShapes.SPEC : PolicyShapes.NETWORK_POLICY)) {
      place.report(Code.NO_POD_SELECTOR, "write `podSelector: {}` if that is meant");
    }
    List<Cursor> types = spec.map(s -> s.items("policyTypes")).orElse(List.of());
    List<PolicyRule> ingress = rules(spec, Direction.INGRESS, head.namespace());
    List<PolicyRule> egress = rules(spec, Direction.EGRESS, head.namespace());
    return new Policy(
        PolicyKind.NETWORK_POLICY,
        head.namespace(),
        head.name(),
        Tier.NETWORK_POLICY,
        0,
        new Subject(new NamespaceSelection.Named(head.namespace()), selector),
        types.isEmpty() ? Policy.defaultTypes(egress) : isolates(types),
        ingress,
        egress,
        head.origin(),
        types.isEmpty());
  }

  private static Set<Direction> isolates(List<Cursor> types) {
    Set<Direction> isolates = EnumSet.noneOf(Direction.class);
    if (types.size() > 2) {
      types.get(2).report(Code.WRONG_COUNT, "", "policyTypes", "at most 2", types.size());
    }
    for (Cursor type : types) {
      if (type.string().isEmpty()) {
        continue;
      }
      switch (type.string().get()) {
        case "Ingress" -> isolates.add(Direction.INGRESS);
        case "Egress" -> isolates.add(Direction.EGRESS);
        default -> {
          String word = type.string().orElseThrow();
          type.report(
              Code.NOT_ALLOWED,
              LabelDecoder.oneOf(word, List.of("Ingress", "Egress")),
              word,
              "policy type");
        }
      }
    }
    return isolates;
  }

  private List<PolicyRule> rules(Optional<Cursor> spec, Direction direction, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    for (Cursor rule : spec.map(s -> s.items(direction.field())).orElse(List.of())) {
      Peers peers = peers(rule.items(direction == Direction.INGRESS ? "from" : "to"), namespace);
      Ports ports = ports(rule.items("ports"));
      rules.add(
          new PolicyRule(direction, rules.size(), "", Action.ALLOW, peers, ports, rule.origin()));
    }
    return rules;
  }

  private Peers peers(List<Cursor> items, String namespace) {
    if (items.isEmpty()) {
      return Peers.EVERYONE;
    }
    List<Peer> peers = new ArrayList<>(items.size());
    for (Cursor item : items) {
      peer(item, namespace).ifPresent(peers::add);
    }
    return new Peers.AnyOf(peers);
  }

  private Optional<Peer> peer(Cursor peer, String namespace) {
    Optional<Cursor> block = peer.field("ipBlock");
    Optional<Cursor> pods = peer.field("podSelector");
    Optional<Cursor> namespaces = peer.field("namespaceSelector");
    if (block.isPresent()) {
      if (pods.isPresent() || namespaces.isPresent()) {
        String other = pods.isPresent() ? "podSelector" : "namespaceSelector";
        peer.report(
            Code.MIXED_PEER,
            "write two peers, each with its own dash",
            "`ipBlock` and `" + other + "`");
      }
      return Optional.of(ipBlock(block.get()));
    }
    if (pods.isEmpty() && namespaces.isEmpty()) {
      if (!UnknownField.hasUnknown(peer, PolicyShapes.PEER)) {
        String hint =
            "leave the list out for every peer, write `podSelector: {}` for every pod of the namespace, "
                + "or `namespaceSelector: {}` for every pod";
        peer.report(Code.EMPTY_PEER, hint);
      }
      return Optional.empty();
    }
    NamespaceSelection where = namespaces.isPresent()
        ? new NamespaceSelection.Matching(labels.selector(namespaces.get()))
        : new NamespaceSelection.Named(namespace);
    return Optional.of(new Peer.Pods(
        where, pods.map(labels::selector).orElse(Selector.EVERYTHING), peer.origin()));
  }

  private static Peer ipBlock(Cursor block) {
    Optional<Cidr> cidr = block.field("cidr").flatMap(Addresses::cidr);
    if (!block.has("cidr")) {
      block.report(Code.MISSING_FIELD, "write `cidr: 10.0.0.0/8`", "ipBlock", "cidr");
    }
    List<Cidr> excepts = new ArrayList<>();
    for (Cursor item : block.items("except")) {
      Optional<Cidr> except = Addresses.cidr(item);
      if (except.isPresent() && cidr.isPresent()) {
        if (!cidr.get().contains(except.get()) || cidr.get().equals(except.get())) {
          String hint = cidr.get().equals(except.get())
              ? "an exception must be smaller than its block"
              : "an exception lies inside its block";
          item.report(Code.EXCEPT_OUTSIDE, hint, except.get(), cidr.get());
        } else {
          excepts.add(except.get());
        }
      }
    }
    return new Peer.IpBlock(cidr.orElse(Addresses.NOWHERE), excepts, block.origin());
  }

  private static Ports ports(List<Cursor> items) {
    if (items.isEmpty()) {
      return Ports.ALL;
    }
    List<Ports.PortMatch> matches = new ArrayList<>(items.size());
    for (Cursor item : items) {
      port(item).ifPresent(matches::add);
    }
    return new Ports.AnyOf(matches);
  }

  private static Optional<Ports.PortMatch> port(Cursor item) {
    Protocol protocol = PortDecoder.protocol(item);
    Optional<Cursor> port = item.field("port");
    Optional<Cursor> end = item.field("endPort");
    if (port.isEmpty()) {
      end.ifPresent(e -> e.report(
          Code.BAD_PORT_RANGE,
          "write the first port as `port`",
          "`endPort` stands without `port`"));
      return Optional.of(new Ports.Numbered(protocol, PortSet.ALL, item.origin()));
    }
    Optional<String> name = port.get().string();
    if (name.isPresent()) {
      end.ifPresent(e -> e.report(
          Code.BAD_PORT_RANGE,
          "write numbers for both",
          "`endPort` cannot follow the port name `" + name.get() + "`"));
      PortDecoder.checkName(port.get(), name.get());
      return Optional.of(new Ports.Named(Optional.of(protocol), name.get(), item.origin()));
    }
    OptionalInt first = PortDecoder.number(port.get());
    OptionalInt last = end.isPresent() ? PortDecoder.number(end.get()) : first;
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    if (last.getAsInt() < first.getAsInt()) {
      String problem = "`endPort` " + last.getAsInt() + " is below `port` " + first.getAsInt();
      end.orElseThrow().report(Code.BAD_PORT_RANGE, "write the smaller number as `port`", problem);
      return Optional.empty();
    }
    return Optional.of(new Ports.Numbered(
        protocol, PortSet.range(first.getAsInt(), last.getAsInt()), item.origin()));
  }
}
