package dev.postern.summary;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.reach.Endpoint;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says sets of endpoints of one matrix in few phrases, which together mean exactly the set. The phrases are chosen greedily, the one that says
 * most first, the broader one of two that say as much. Not safe for use by many threads.
 */
public final class EndpointGroups {

  private record Candidate(EndpointGroup group, BitSet members) {}

  private record Asked(BitSet set, BitSet optional) {

    /** By the members: a bit set of its own accord goes by numbers of 64 bits, which JavaScript has not. */
    @Override
    public int hashCode() {
      return 31 * hash(set) + hash(optional);
    }

    private static int hash(BitSet members) {
      int hash = 1;
      for (int place = members.nextSetBit(0); place >= 0; place = members.nextSetBit(place + 1)) {
        hash = 31 * hash + place;
      }
      return hash;
    }
  }

  private static final AddressSet NOTHING = new AddressSet(List.of());

  private final List<Endpoint> endpoints;
  private final List<Candidate> candidates = new ArrayList<>();
  /** By their first member the candidates' numbers: of a small set few candidates begin in it. */
  private final Map<Integer, List<Integer>> beginning = new HashMap<>();

  private final BitSet pods = new BitSet();
  private final BitSet follows;
  private final AddressSet everythingOutside;
  private final Map<Asked, List<EndpointGroup>> known = new HashMap<>();
  private final Map<BitSet, AddressSet> addresses = new HashMap<>();

  /**
   * The endpoints of a matrix, numbered as they come.
   *
   * @param endpoints all pods that there are, and what else may be meant
   * @param everythingOutside all addresses outside the cluster
   */
  public EndpointGroups(Cluster cluster, List<Endpoint> endpoints, AddressSet everythingOutside) {
    this.endpoints = List.copyOf(endpoints);
    this.follows = follows(this.endpoints);
    Map<EndpointGroup, BitSet> members = new LinkedHashMap<>();
    for (int place = 0; place < endpoints.size(); place++) {
      if (endpoints.get(place) instanceof Endpoint.Pods some) {
        pods.set(place);
        candidates(cluster, some, place, members);
      }
    }
    this.everythingOutside = everythingOutside;
    // A phrase that means one endpoint says no more than its name; of two that mean the same, the
    // first.
    Map<BitSet, EndpointGroup> first = new LinkedHashMap<>();
    members.entrySet().stream()
        .sorted((one, other) -> Integer.compare(rank(one.getKey()), rank(other.getKey())))
        .filter(each -> each.getValue().cardinality() > 1)
        .forEach(each -> first.putIfAbsent(each.getValue(), each.getKey()));
    first.forEach((set, group) -> candidates.add(new Candidate(group, set)));
    candidates.sort((one, other) ->
        Integer.compare(other.members().cardinality(), one.members().cardinality()));
    for (int number = 0; number < candidates.size(); number++) {
      int begins = candidates.get(number).members().nextSetBit(0);
      beginning.computeIfAbsent(begins, each -> new ArrayList<>()).add(number);
    }
  }

  private static void candidates(
      Cluster cluster, Endpoint.Pods some, int place, Map<EndpointGroup, BitSet> members) {
    String name = some.workload().namespace();
    add(new EndpointGroup.EveryPod(), place, members);
    add(new EndpointGroup.OfNamespace(name), place, members);
    Namespace namespace = cluster.namespace(name);
    namespace.labels().forEach((key, value) -> {
      if (!key.equals(Namespace.NAME_LABEL)) {
        add(new EndpointGroup.NamespacesWith(key, value), place, members);
      }
    });
    some.workload().labels().forEach((key, value) -> {
      add(new EndpointGroup.PodsWith(key, value), place, members);
      add(new EndpointGroup.PodsIn(name, key, value), place, members);
    });
  }

  private static void add(EndpointGroup group, int place, Map<EndpointGroup, BitSet> members) {
    members.computeIfAbsent(group, each -> new BitSet()).set(place);
  }

  /** The broader first; a namespace's name before a label that says no more. */
  private static int rank(EndpointGroup group) {
    if (group instanceof EndpointGroup.EveryPod) {
      return 0;
    }
    if (group instanceof EndpointGroup.OfNamespace) {
      return 1;
    }
    if (group instanceof EndpointGroup.NamespacesWith) {
      return 2;
    }
    return group instanceof EndpointGroup.PodsIn ? 3 : 4;
  }

  /** Whether these are all endpoints of the cluster, but perhaps one. */
  public boolean isEveryPod(BitSet set, BitSet optional) {
    BitSet missing = (BitSet) pods.clone();
    missing.andNot(set);
    missing.andNot(optional);
    return missing.isEmpty() && pods.intersects(set);
  }

  /** The addresses of the endpoints that lie outside. */
  public static AddressSet outside(List<Endpoint> endpoints) {
    return new AddressSet(endpoints.stream()
        .flatMap(endpoint -> endpoint instanceof Endpoint.External external
            ? Stream.of(external.range())
            : Stream.empty())
        .toList());
  }

  /** Of many sets the same lies outside. */
  private AddressSet outside(BitSet set) {
    BitSet others = (BitSet) set.clone();
    others.andNot(pods);
    if (others.isEmpty()) {
      return NOTHING;
    }
    return addresses.computeIfAbsent(others, this::joined);
  }

  /** Ranges that follow each other are one, of which there are far fewer. */
  private AddressSet joined(BitSet set) {
    List<AddressRange> ranges = new ArrayList<>();
    for (int place = set.nextSetBit(0); place >= 0; place = set.nextSetBit(place + 1)) {
      if (endpoints.get(place) instanceof Endpoint.External external) {
        int last = ranges.size() - 1;
        if (last >= 0 && follows.get(place) && set.get(place - 1)) {
          ranges.set(
              last, new AddressRange(ranges.get(last).first(), external.range().last()));
        } else {
          ranges.add(external.range());
        }
      }
    }
    return new AddressSet(ranges);
  }

  /** The places of ranges that begin where the range before them ends. */
  private static BitSet follows(List<Endpoint> endpoints) {
    BitSet follows = new BitSet();
    for (int place = 1; place < endpoints.size(); place++) {
      if (endpoints.get(place - 1) instanceof Endpoint.External before
          && endpoints.get(place) instanceof Endpoint.External after
          && before.range().last().family() == after.range().first().family()
          && !before.range().last().isLast()
          && before.range().last().next().equals(after.range().first())) {
        follows.set(place);
      }
    }
    return follows;
  }

  /** Whether no address outside, and no ingress controller, is among these. */
  public boolean isPodsAlone(BitSet set) {
    return contains(pods, set);
  }

  /** Whether every address outside of these families is among these. */
  public boolean isEverythingOutside(BitSet set, Set<Family> families) {
    AddressSet wanted =
        families.stream().map(everythingOutside::in).reduce(AddressSet.EMPTY, AddressSet::union);
    return !wanted.isEmpty() && outside(set).containsAll(wanted);
  }

  /**
   * The phrases for a set.
   *
   * @param optional endpoints that the phrases may mean besides, as the one whose peers the set is
   */
  public List<EndpointGroup> phrases(BitSet set, BitSet optional) {
    BitSet own = (BitSet) optional.clone();
    own.andNot(set);
    return known.computeIfAbsent(new Asked((BitSet) set.clone(), own), this::cover);
  }

  private List<EndpointGroup> cover(Asked asked) {
    List<EndpointGroup> phrases = new ArrayList<>();
    AddressSet addresses = outside(asked.set());
    if (!addresses.isEmpty()) {
      phrases.add(new EndpointGroup.Outside(addresses, everythingOutside.minus(addresses)));
    }
    BitSet open = (BitSet) asked.set().clone();
    open.and(pods);
    BitSet may = (BitSet) asked.set().clone();
    may.or(asked.optional());
    List<Candidate> fitting = within(may);
    int[] atMost =
        fitting.stream().mapToInt(each -> each.members().cardinality()).toArray();
    while (!open.isEmpty()) {
      Optional<Candidate> best = best(fitting, atMost, open);
      if (best.isEmpty()) {
        break;
      }
      phrases.add(best.get().group());
      open.andNot(best.get().members());
    }
    for (int place = open.nextSetBit(0); place >= 0; place = open.nextSetBit(place + 1)) {
      phrases.add(new EndpointGroup.One(endpoints.get(place)));
    }
    for (int place = asked.set().nextSetBit(0);
        place >= 0;
        place = asked.set().nextSetBit(place + 1)) {
      if (endpoints.get(place) instanceof Endpoint.IngressController) {
        phrases.add(new EndpointGroup.One(endpoints.get(place)));
      }
    }
    return List.copyOf(phrases);
  }

  /** The candidates that mean nothing but what is in a set, in their order. */
  private List<Candidate> within(BitSet set) {
    BitSet numbers = new BitSet();
    for (int place = set.nextSetBit(0); place >= 0; place = set.nextSetBit(place + 1)) {
      for (int number : beginning.getOrDefault(place, List.of())) {
        if (contains(set, candidates.get(number).members())) {
          numbers.set(number);
        }
      }
    }
    return numbers.stream().mapToObj(candidates::get).toList();
  }

  /**
   * The one that says most of what is left, and more than a name does.
   *
   * @param atMost what each can say of it at most: no more than it said before, since what is left becomes less
   */
  private static Optional<Candidate> best(List<Candidate> fitting, int[] atMost, BitSet open) {
    int best = -1;
    int most = 1;
    for (int i = 0; i < atMost.length; i++) {
      if (atMost[i] > most) {
        atMost[i] = common(fitting.get(i).members(), open);
        if (atMost[i] > most) {
          best = i;
          most = atMost[i];
        }
      }
    }
    return best < 0 ? Optional.empty() : Optional.of(fitting.get(best));
  }

  private static boolean contains(BitSet all, BitSet some) {
    for (int place = some.nextSetBit(0); place >= 0; place = some.nextSetBit(place + 1)) {
      if (!all.get(place)) {
        return false;
      }
    }
    return true;
  }

  private static int common(BitSet one, BitSet other) {
    BitSet both = (BitSet) one.clone();
    both.and(other);
    return both.cardinality();
  }

  /** What a phrase means among the endpoints of this matrix. */
  public BitSet members(EndpointGroup group) {
    BitSet members = new BitSet();
    if (group instanceof EndpointGroup.One one) {
      members.set(endpoints.indexOf(one.endpoint()));
    } else if (group instanceof EndpointGroup.Outside named) {
      for (int place = 0; place < endpoints.size(); place++) {
        if (endpoints.get(place) instanceof Endpoint.External external
            && named.addresses().contains(external.range().first())) {
          members.set(place);
        }
      }
    } else {
      candidates.stream()
          .filter(candidate -> candidate.group().equals(group))
          .forEach(candidate -> members.or(candidate.members()));
    }
    return members;
  }
}
