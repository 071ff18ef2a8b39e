package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.openworld.FlowCondition.At;
import dev.postern.openworld.FlowCondition.Called;
import dev.postern.openworld.FlowCondition.Labelled;
import dev.postern.openworld.FlowCondition.On;
import dev.postern.openworld.FlowCondition.Place;
import dev.postern.openworld.FlowCondition.Within;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Requirement;
import dev.postern.selector.Requirement.Operator;
import dev.postern.selector.Selector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the policies of one direction can tell about a flow: word and opposite. What a policy decides depends on the truth of these and on
 * nothing else.
 */
final class FlowConditions {

  private final Map<FlowCondition, FlowCondition> opposites = new LinkedHashMap<>();
  private final ComparisonSetting setting;

  FlowConditions(ComparisonSetting setting, Versions versions) {
    this.setting = setting;
    for (Cluster cluster : List.of(versions.before(), versions.after())) {
      for (Policy policy : cluster.policies()) {
        namespaces(setting.subjectPlace(), policy.subject().namespaces());
        labels(setting.subjectPlace(), policy.subject().pods());
        policy.rules(setting.side()).forEach(rule -> rule(rule, cluster));
      }
    }
    for (String name : versions.relabelled()) {
      within(Place.SOURCE, named(name));
      within(Place.DESTINATION, named(name));
    }
    if (setting.at(Place.DESTINATION) instanceof Role.Existing existing
        && existing.ends().get(0) instanceof End.InPod pod) {
      for (ContainerPort port : pod.workload().ports()) {
        on(Traffic.of(port.protocol(), PortSet.of(port.number())));
      }
    }
  }

  /** Each word with its opposite. */
  Map<FlowCondition, FlowCondition> opposites() {
    return opposites;
  }

  private static Requirement named(String namespace) {
    return Requirement.equal(Namespace.NAME_LABEL, namespace);
  }

  private void namespaces(Place place, NamespaceSelection selection) {
    if (selection instanceof NamespaceSelection.Named named) {
      within(place, named(named.namespace()));
    } else {
      ((NamespaceSelection.Matching) selection)
          .selector()
          .requirements()
          .forEach(requirement -> within(place, requirement));
    }
  }

  private void within(Place place, Requirement requirement) {
    if (setting.at(place) instanceof Role.AnyPod) {
      opposites.put(
          new Within(place, positive(requirement)), new Within(place, negative(requirement)));
    }
  }

  private void labels(Place place, Selector selector) {
    if (setting.at(place) instanceof Role.AnyPod) {
      for (Requirement requirement : selector.requirements()) {
        opposites.put(
            new Labelled(place, positive(requirement)), new Labelled(place, negative(requirement)));
      }
    }
  }

  private static Requirement positive(Requirement requirement) {
    return requirement.operator().takesValues()
        ? new Requirement(requirement.key(), Operator.IN, requirement.values())
        : new Requirement(requirement.key(), Operator.EXISTS, List.of());
  }

  private static Requirement negative(Requirement requirement) {
    return requirement.operator().takesValues()
        ? new Requirement(requirement.key(), Operator.NOT_IN, requirement.values())
        : new Requirement(requirement.key(), Operator.DOES_NOT_EXIST, List.of());
  }

  private void rule(PolicyRule rule, Cluster cluster) {
    if (rule.peers() instanceof Peers.AnyOf any) {
      Peer.Cases<Boolean> cases = new OfPeer(cluster);
      any.peers().forEach(peer -> peer.on(cases));
    }
    if (rule.ports() instanceof Ports.AnyOf any) {
      any.matches().forEach(this::port);
    }
  }

  private void port(Ports.PortMatch match) {
    if (match instanceof Ports.Numbered numbered) {
      on(Traffic.of(numbered.protocol(), numbered.ports()));
      return;
    }
    Ports.Named named = (Ports.Named) match;
    for (Protocol protocol : Protocol.values()) {
      if (protocol.hasPorts()
          && (named.protocol().isEmpty() || named.protocol().get() == protocol)
          && setting.at(Place.DESTINATION) instanceof Role.AnyPod) {
        PortName name = new PortName(named.name(), protocol);
        opposites.put(new Called(name, true), new Called(name, false));
      }
    }
  }

  private void on(Traffic traffic) {
    if (!traffic.isEmpty()) {
      opposites.put(new On(traffic, true), new On(traffic, false));
    }
  }

  private void at(AddressSet addresses, int prefix) {
    AddressSet own = addresses.in(setting.family());
    if (!own.isEmpty() && !(setting.peer() instanceof Role.Existing)) {
      opposites.put(
          new At(setting.peerPlace(), own, prefix, true),
          new At(setting.peerPlace(), own, prefix, false));
    }
  }

  /** The words of each kind of peer; the answers mean nothing. */
  private final class OfPeer implements Peer.Cases<Boolean> {
    private final Cluster cluster;

    OfPeer(Cluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public Boolean pods(Peer.Pods peer) {
      namespaces(setting.peerPlace(), peer.namespaces());
      labels(setting.peerPlace(), peer.pods());
      return true;
    }

    private void network(Cidr cidr) {
      at(AddressSet.of(cidr), cidr.prefix());
    }

    @Override
    public Boolean ipBlock(Peer.IpBlock peer) {
      network(peer.cidr());
      peer.except().forEach(this::network);
      return true;
    }

    @Override
    public Boolean networks(Peer.Networks peer) {
      peer.cidrs().forEach(this::network);
      return true;
    }

    @Override
    public Boolean nodes(Peer.Nodes peer) {
      at(
          AddressSet.ofAddresses(cluster.nodes().stream()
              .filter(node -> peer.nodes().matches(node.labels()))
              .flatMap(node -> node.addresses().stream())
              .toList()),
          setting.family().bits());
      return true;
    }

    @Override
    public Boolean domainNames(Peer.DomainNames peer) {
      return true;
    }

    @Override
    public Boolean unknown(Peer.Unknown peer) {
      return true;
    }

    @Override
    public Boolean perhaps(Peer.Perhaps peer) {
      if (peer.whom() instanceof Peers.AnyOf any) {
        any.peers().forEach(each -> each.on(this));
      }
      return true;
    }
  }
}
