package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.diff.PolicyChanges;
import dev.postern.meaning.FamiliesInUse;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.MissingAddress;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.openworld.OpenDifference.ChangedShare;
import dev.postern.openworld.OpenDifference.OpenRow;
import dev.postern.openworld.Scopes.Scope;
import dev.postern.openworld.WitnessSearch.Shown;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.selector.Selector;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compares two clusters for all pods that could ever be. A verdict changes only if one side's decision does, and that only if a policy that
 * changed selects the subject; so each side is looked at for itself, with the policies that may select with one that changed, and the other
 * side is asked only whether it lets pass what is found.
 */
final class OpenComparison {

  /** From so many phrases of one setting on they are summed up. */
  private static final int ENOUGH = 40;

  private static final Role ANY_POD = new Role.AnyPod(NamespaceSelection.ALL, Selector.EVERYTHING);

  private final Cluster before;
  private final Cluster after;
  private final Versions versions;
  private final Scopes scopes;
  private final Options options;
  private final Limits limits;
  private final RowList opened = new RowList();
  private final RowList closed = new RowList();

  OpenComparison(Cluster before, Cluster after, Options options, Limits limits) {
    this.before = before;
    this.after = after;
    this.versions = Versions.of(before, after);
    this.scopes = new Scopes(versions);
    // Exemptions are not a matter of policies.
    this.options = options.withNodeTrafficPasses(false);
    this.limits = limits;
  }

  OpenDifference difference() {
    Optional<String> undecided = Optional.empty();
    Map<Direction, List<Sides>> sides = new LinkedHashMap<>();
    for (Direction direction : Direction.values()) {
      List<Sides> own = sides(direction);
      if (!own.isEmpty()) {
        sides.put(direction, own);
      }
    }
    if (!sides.isEmpty()) {
      try (TimedQueries search = new TimedQueries(limits)) {
        sides.forEach((direction, own) -> compare(search, direction, own));
      } catch (TimedQueries.GaveUp gaveUp) {
        undecided = Optional.of(String.valueOf(gaveUp.getMessage()));
      } catch (Z3.Missing missing) {
        undecided = Optional.of(String.valueOf(missing.getMessage()));
      }
    }
    return new OpenDifference(opened.rows(), closed.rows(), undecided);
  }

  /** Policies that changed and may select the same pods, and all that may decide about those. */
  private record Sides(List<Policy> touched, List<Policy> before, List<Policy> after) {}

  private List<Sides> sides(Direction direction) {
    PolicyChanges changes = PolicyChanges.between(before.policies(), after.policies(), direction);
    Set<Policy> touched = new LinkedHashSet<>(changes.removed());
    touched.addAll(changes.added());
    touched.addAll(readOtherwise(before, direction));
    touched.addAll(readOtherwise(after, direction));
    return scopes.groups(touched).stream()
        .map(group -> new Sides(
            List.copyOf(group.policies()),
            near(before, direction, group.scope()),
            near(after, direction, group.scope())))
        .toList();
  }

  private List<Policy> near(Cluster cluster, Direction direction, Scope scope) {
    return cluster.policies().stream()
        .filter(policy -> PolicyChanges.concerns(policy, direction))
        .filter(policy -> scopes.of(policy).meets(scope))
        .map(policy -> PolicyChanges.only(policy, direction))
        .toList();
  }

  /** Policies that the new labels of a namespace, or nodes, give another meaning. */
  private List<Policy> readOtherwise(Cluster cluster, Direction direction) {
    Set<String> relabelled = versions.relabelled();
    boolean otherNodes = !before.nodes().equals(after.nodes());
    if (relabelled.isEmpty() && !otherNodes) {
      return List.of();
    }
    return cluster.policies().stream()
        .filter(policy -> PolicyChanges.concerns(policy, direction))
        .filter(policy -> {
          Policy own = PolicyChanges.only(policy, direction);
          return (otherNodes && namesNodes(own, direction))
              || Versions.selections(own).stream()
                  .anyMatch(selection -> selection instanceof NamespaceSelection.Matching matching
                      && relabelled.stream().anyMatch(name -> changes(matching.selector(), name)));
        })
        .toList();
  }

  private boolean changes(Selector selector, String namespace) {
    return selector.matches(versions.before().namespace(namespace).labels())
        != selector.matches(versions.after().namespace(namespace).labels());
  }

  private static boolean namesNodes(Policy policy, Direction direction) {
    return policy.rules(direction).stream()
        .anyMatch(rule -> rule.peers() instanceof Peers.AnyOf any
            && any.peers().stream().anyMatch(Peer.Nodes.class::isInstance));
  }

  // --- one side

  private void compare(TimedQueries search, Direction direction, List<Sides> groups) {
    Hosts hosts = new Hosts(before, after, options);
    WitnessSearch witnesses =
        new WitnessSearch(search, before, after, versions, scopes, options, hosts.namespaces());
    List<ComparisonSetting> settings = settings(direction, hosts);
    for (Sides sides : groups) {
      Versions narrow = versions.with(sides.before, sides.after, List.of(), hosts.namespaces());
      for (ComparisonSetting setting : settings) {
        compare(search, setting, narrow, sides, witnesses);
      }
    }
  }

  private List<ComparisonSetting> settings(Direction direction, Hosts hosts) {
    boolean apart = addressesMatter();
    // Where a missing address may be any, the pods at all addresses stand for those without one.
    boolean unaddressed = options.missingAddress() == MissingAddress.UNMATCHED
        && (templates(before) || templates(after));
    boolean mayBePerhaps =
        domainNames() || (anyPeer(Peer.Nodes.class::isInstance) && hosts.anyOnUnknownNode());
    List<ComparisonSetting> settings = new ArrayList<>();
    for (boolean opened : new boolean[] {true, false}) {
      for (Family family : apart ? Family.values() : new Family[] {Family.IPV4}) {
        Set<Family> families = apart ? EnumSet.of(family) : EnumSet.allOf(Family.class);
        List<Role> peers = new ArrayList<>();
        peers.add(ANY_POD);
        peers.add(new Role.AnyAddress(AddressSet.of(Cidr.all(family))));
        peers.addAll(hosts.peers(families));
        List<Role> subjects = new ArrayList<>();
        subjects.add(ANY_POD);
        subjects.addAll(hosts.subjects(families));
        for (Role subject : subjects) {
          for (Role peer : peers) {
            if (subject instanceof Role.Existing && subject.equals(peer)) {
              // A pod's calls to itself always pass.
              continue;
            }
            for (boolean perhaps : mayBePerhaps ? new boolean[] {false, true} : new boolean[1]) {
              settings.add(new ComparisonSetting(
                  direction,
                  family,
                  families,
                  subject,
                  peer,
                  opened,
                  perhaps,
                  unaddressed && (!apart || isInUse(family))));
            }
          }
        }
      }
    }
    return settings;
  }

  private void compare(
      TimedQueries search,
      ComparisonSetting setting,
      Versions narrow,
      Sides sides,
      WitnessSearch witnesses) {
    List<Policy> all = new ArrayList<>(sides.before);
    all.addAll(sides.after);
    List<Role> relabelled = new ArrayList<>();
    for (String name : versions.relabelled()) {
      relabelled.add(new Role.AnyPod(new NamespaceSelection.Named(name), Selector.EVERYTHING));
    }
    FlowEncoding encoding = new FlowEncoding(
        search.logic(),
        options,
        narrow,
        Vocabulary.of(all, relabelled),
        setting.family(),
        setting.at(FlowCondition.Place.SOURCE),
        setting.at(FlowCondition.Place.DESTINATION),
        setting.unaddressed());
    VerdictChanges changed = new VerdictChanges(search, setting, narrow, encoding);
    boolean mayBeSummed = setting.subject() instanceof Role.AnyPod;
    Optional<List<Implicant>> phrases = changed.phrases(mayBeSummed ? ENOUGH : Integer.MAX_VALUE);
    if (phrases.isEmpty()) {
      summarise(setting, sides, witnesses);
      return;
    }
    for (Implicant phrase : phrases.get()) {
      witnesses
          .show(phrase)
          .ifPresent(shown -> add(
              phrase, shown, shown.always() ? ChangedShare.WHOLE : ChangedShare.WHERE_ADMITTED));
    }
  }

  /** Policy by policy what would be too much to read in detail: of whom it is about, some are concerned. */
  private void summarise(ComparisonSetting setting, Sides sides, WitnessSearch witnesses) {
    Set<Implicant> phrases = new LinkedHashSet<>();
    sides.touched.forEach(policy -> phrases.add(subject(setting, policy)));
    for (Implicant phrase : phrases) {
      witnesses
          .show(phrase, sides.before, sides.after)
          .ifPresent(shown -> add(phrase, shown, ChangedShare.IN_PART));
    }
  }

  private static Implicant subject(ComparisonSetting setting, Policy policy) {
    List<FlowCondition> words = new ArrayList<>();
    FlowCondition.Place place = setting.subjectPlace();
    Selector namespaces = policy.subject().namespaces() instanceof NamespaceSelection.Named named
        ? Selector.equal(Namespace.NAME_LABEL, named.namespace())
        : ((NamespaceSelection.Matching) policy.subject().namespaces()).selector();
    namespaces.requirements().forEach(r -> words.add(new FlowCondition.Within(place, r)));
    policy
        .subject()
        .pods()
        .requirements()
        .forEach(r -> words.add(new FlowCondition.Labelled(place, r)));
    return new Implicant(setting, words);
  }

  private void add(Implicant phrase, Shown shown, ChangedShare extent) {
    ComparisonSetting setting = phrase.setting();
    (setting.opened() ? opened : closed)
        .add(new OpenRow(
            setting.side(),
            List.of(phrase.at(FlowCondition.Place.SOURCE)),
            List.of(phrase.at(FlowCondition.Place.DESTINATION)),
            phrase.carried(),
            setting.families(),
            extent,
            shown.witness()));
  }

  // --- what there is to look at

  private boolean addressesMatter() {
    return anyPeer(peer -> peer instanceof Peer.IpBlock
        || peer instanceof Peer.Networks
        || peer instanceof Peer.Nodes);
  }

  private boolean isInUse(Family family) {
    return FamiliesInUse.of(before).contains(family) || FamiliesInUse.of(after).contains(family);
  }

  private boolean domainNames() {
    return anyPeer(Peer.DomainNames.class::isInstance);
  }

  private boolean anyPeer(Predicate<Peer> test) {
    for (Cluster cluster : List.of(before, after)) {
      for (Policy policy : cluster.policies()) {
        for (PolicyRule rule : policy.rules()) {
          if (rule.peers() instanceof Peers.AnyOf any && any.peers().stream().anyMatch(test)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean templates(Cluster cluster) {
    return cluster.workloads().stream()
        .anyMatch(workload -> workload.pods().isEmpty()
            || workload.pods().stream().anyMatch(pod -> pod.addresses().isEmpty()));
  }
}
