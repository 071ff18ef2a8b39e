package dev.postern.cli.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Contract.Binding;
import dev.postern.enforced.Contract.Leeway;
import dev.postern.enforced.Contract.Waiver;
import dev.postern.enforced.Routing;
import dev.postern.net.AddressSet;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Interfaces that are called after their pods, as Calico's plug-in and those of some clouds call them: a prefix, then the first 11 digits of
 * the SHA-1 of {@code <namespace>.<pod>}. Where rules name such an interface, that pod is behind it, since nothing else has this digest.
 */
final class NamedInterfaces {

  private static final int DIGITS = 11;
  private static final Pattern NAME =
      Pattern.compile("(?<![0-9a-z])([a-z]{3,4})([0-9a-f]{" + DIGITS + "})(?![0-9a-z])");

  private NamedInterfaces() {}

  /** What was said of interfaces, and what names in the dumps say of the scope's other pods; routes say it better. */
  static Wiring besides(Wiring said, Collection<List<Dump>> dumps, Cluster cluster, Scope scope) {
    if (!said.routing().equals(Routing.UNKNOWN)) {
      return said;
    }
    Map<String, Set<String>> prefixes = prefixes(dumps);
    AddressSet others =
        AddressSet.ofAddresses(LiveRoutes.podsBesides(said.bindings(), cluster, scope));
    Map<String, AddressSet> behind = new TreeMap<>();
    Set<String> used = new TreeSet<>();
    for (Workload workload : cluster.workloads()) {
      for (Pod pod : workload.pods()) {
        String digest = digest(workload.namespace() + "." + pod.name());
        Set<String> here = prefixes.getOrDefault(digest, Set.of());
        AddressSet addresses = AddressSet.ofAddresses(pod.addresses()).intersect(others);
        if (here.size() == 1 && !workload.hostNetwork() && !addresses.isEmpty()) {
          String prefix = here.iterator().next();
          used.add(prefix);
          behind.merge(prefix + digest, addresses, AddressSet::union);
        }
      }
    }
    if (behind.isEmpty()) {
      return said;
    }
    List<Binding> bindings = new ArrayList<>();
    behind.forEach((name, addresses) -> bindings.add(new Binding(name, addresses)));
    Wiring all = said.and(new Wiring(bindings, Routing.UNKNOWN));
    return all.waiving(unnamed(used, behind.size(), all.bindings(), pods(cluster, scope)));
  }

  /** By the digest that may be one: what stands before it. */
  private static Map<String, Set<String>> prefixes(Collection<List<Dump>> dumps) {
    Map<String, Set<String>> prefixes = new HashMap<>();
    for (Dump dump : dumps.stream().flatMap(List::stream).toList()) {
      Matcher name = NAME.matcher(dump.text());
      while (name.find()) {
        prefixes.computeIfAbsent(name.group(2), key -> new TreeSet<>()).add(name.group(1));
      }
    }
    return prefixes;
  }

  /** Whoever calls pods' interfaces so calls no other interface so: only pods send and receive by them. */
  private static Waiver unnamed(
      Set<String> prefixes, int count, List<Binding> bindings, AddressSet pods) {
    return new Waiver(
        "packets of addresses that are no pod's, by interfaces called "
            + prefixes.stream().map(prefix -> prefix + "…").collect(joining(", "))
            + ": " + count + " of these were taken for pods' by the digest in their names, and no"
            + " route was read",
        Condition.any(
            Condition.all(
                unnamed(prefixes, bindings, true),
                new Condition.Not(new Condition.SourceAddress(pods))),
            Condition.all(
                unnamed(prefixes, bindings, false),
                new Condition.Not(new Condition.DestinationAddress(pods)))),
        Leeway.EITHER);
  }

  private static Condition unnamed(Set<String> prefixes, List<Binding> bindings, boolean in) {
    Stream<Condition> called = prefixes.stream().map(prefix -> called(prefix, true, in));
    Stream<Condition> bound = bindings.stream().map(each -> called(each.name(), false, in));
    return new Condition.All(List.of(
        new Condition.Any(called.toList()), new Condition.Not(new Condition.Any(bound.toList()))));
  }

  private static Condition called(String name, boolean prefix, boolean in) {
    return in ? new Condition.InInterface(name, prefix) : new Condition.OutInterface(name, prefix);
  }

  private static AddressSet pods(Cluster cluster, Scope scope) {
    return AddressSet.ofAddresses(LiveRoutes.podsBesides(List.of(), cluster, scope));
  }

  private static String digest(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(name.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
