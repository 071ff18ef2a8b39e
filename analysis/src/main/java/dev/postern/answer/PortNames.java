package dev.postern.answer;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.question.Asked;
import dev.postern.question.BadSentence;
import dev.postern.question.NamedPort;
import dev.postern.question.NearestNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the port names of a sentence stand for at each destination: at a pod its container ports of that name, at a Service its own ports
 * of that name.
 */
final class PortNames {

  private final String sentence;
  private final List<NamedPort> names;
  private final Set<NamedPort> found = new HashSet<>();
  private final Set<String> known = new TreeSet<>();
  private final Set<String> notes = new LinkedHashSet<>();

  PortNames(String sentence, List<NamedPort> names) {
    this.sentence = sentence;
    this.names = List.copyOf(names);
  }

  /** What is to be said of destinations that have no port of such a name. */
  Set<String> notes() {
    return notes;
  }

  /** The traffic at a site: what is said in numbers, and what the names stand for there; empty if they stand for nothing. */
  Traffic at(Site site, Traffic numbers) {
    Traffic traffic = numbers;
    for (NamedPort name : names) {
      Traffic meant = Traffic.NONE;
      for (ContainerPort port : ports(site)) {
        meant = meant.union(take(name, port.name(), port.protocol(), port.number()));
      }
      if (meant.isEmpty()) {
        notes.add(site.name() + " has no port named `" + name.name() + "`");
      }
      traffic = traffic.union(meant);
    }
    return traffic;
  }

  private static List<ContainerPort> ports(Site site) {
    return site.ends()
        .filter(End.InPod.class::isInstance)
        .map(end -> ((End.InPod) end).workload())
        .distinct()
        .map(Workload::ports)
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  /** What is asked of a Service on a way to it, where its own ports bear the names. */
  Asked at(Service service, ServiceAccess way, Asked asked) {
    if (asked.names().isEmpty()) {
      return asked;
    }
    Traffic traffic = asked.traffic();
    for (NamedPort name : names) {
      Traffic meant = Traffic.NONE;
      for (Service.Port port : service.ports()) {
        boolean matches = !take(name, port.name(), port.protocol(), port.port()).isEmpty();
        meant = matches ? meant.union(way.doors(port)) : meant;
      }
      if (meant.isEmpty()) {
        missing(service, name);
      }
      traffic = traffic.union(meant);
    }
    return new Asked(traffic, asked.explicit(), asked.existential());
  }

  /** The ports of a Service that bear the names. */
  List<Service.Port> of(Service service) {
    List<Service.Port> meant = new ArrayList<>();
    for (NamedPort name : names) {
      List<Service.Port> own = service.ports().stream()
          .filter(port -> !take(name, port.name(), port.protocol(), port.port()).isEmpty())
          .toList();
      if (own.isEmpty()) {
        missing(service, name);
      }
      meant.addAll(own);
    }
    return meant;
  }

  private void missing(Service service, NamedPort name) {
    notes.add("service " + service.id() + " has no port named `" + name.name() + "`");
  }

  private Traffic take(NamedPort wanted, String name, Protocol protocol, int number) {
    if (!name.isEmpty()) {
      known.add(name);
    }
    if (!wanted.matches(name, protocol)) {
      return Traffic.NONE;
    }
    found.add(wanted);
    return Traffic.of(protocol, PortSet.of(number));
  }

  /**
   * Refuses a name that stands for nothing at any destination that was looked at.
   *
   * @throws BadSentence if there is one
   */
  void check() {
    for (NamedPort name : names) {
      if (!found.contains(name)) {
        String hint = known.isEmpty()
            ? "no port there has a name: write its number"
            : UnresolvedNames.didYouMean(NearestNames.of(name.name(), known))
                .orElse("the ports there are named " + UnresolvedNames.listed(List.copyOf(known)));
        throw new BadSentence(
            sentence,
            name.span(),
            "no port there is named `" + name.name() + "`"
                + name.protocol().map(protocol -> " on " + protocol.word()).orElse(""),
            hint);
      }
    }
  }
}
