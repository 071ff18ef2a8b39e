package dev.postern.iptables;

import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.backend.TextOutput;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.netfilter.ContentName;
import dev.postern.netfilter.Group;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.PeerStep;
import dev.postern.netfilter.Place;
import dev.postern.netfilter.RuleEdit;
import dev.postern.netfilter.Transition;
import dev.postern.policy.Direction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes a {@link Transition} of each family as an artefact. */
final class IptablesDelta {

  private final Iptables backend;
  private final IptablesRules before;
  private final IptablesRules after;
  private final Map<Family, Transition> transitions = new EnumMap<>(Family.class);
  /** Names of sets that others stand in for. */
  private final Set<String> standIns = new TreeSet<>();

  private final IptablesRules middle;

  private IptablesDelta(Iptables backend, IptablesRules before, IptablesRules after) {
    this.backend = backend;
    this.before = before;
    this.after = after;
    Map<Family, Layout> layouts = new EnumMap<>(Family.class);
    Map<Family, MarkNumbers> numbers = new EnumMap<>(Family.class);
    for (Family family : after.layouts().keySet()) {
      Layout old = before.layouts().getOrDefault(family, Layout.none(family));
      Layout now = after.layouts().getOrDefault(family, Layout.none(family));
      Transition transition =
          Transition.of(old, now, atOnce(family), backend.marks().isPresent());
      transitions.put(family, transition);
      transition.standIns().forEach(place -> standIns.addAll(sets(place, now)));
      layouts.put(family, transition.middle());
      if (backend.marks().isPresent()) {
        numbers.put(family, numbers(transition));
      }
    }
    standIns.retainAll(before.sets().names());
    standIns.retainAll(after.sets().names());
    this.middle = IptablesRules.of(backend, layouts, numbers, after.hooks(), standIns);
  }

  static Artifact between(Iptables backend, IptablesRules before, IptablesRules after) {
    return new IptablesDelta(backend, before, after).artifact();
  }

  /** What cannot change one by one: where a number would mean two things on the way, or where rules name the pods. */
  private Set<Place> atOnce(Family family) {
    Set<Place> places = new HashSet<>();
    MarkNumbers old = before.numbers().get(family);
    MarkNumbers now = after.numbers().get(family);
    if (old == null || now == null || !old.agreesOnPods(now)) {
      places.add(Place.EXEMPTION);
    }
    for (Direction direction : Direction.values()) {
      if (old == null || now == null || old.joined(now, direction).isEmpty()) {
        places.add(Place.dispatch(direction));
      }
    }
    return places;
  }

  /** The numbers of the groups of before and after, where pods leave one for the other while both are there. */
  private MarkNumbers numbers(Transition transition) {
    Family family = transition.after().family();
    MarkNumbers old = before.numbers().getOrDefault(family, MarkNumbers.NONE);
    MarkNumbers now = after.numbers().getOrDefault(family, MarkNumbers.NONE);
    MarkNumbers both = now;
    for (Direction direction : Direction.values()) {
      if (!transition.standIns().contains(Place.dispatch(direction))) {
        Map<String, Integer> own = now.groups().getOrDefault(direction, Map.of());
        both = both.with(direction, old.joined(now, direction).orElse(own));
      }
    }
    return both;
  }

  private static List<String> sets(Place place, Layout layout) {
    List<String> names = new ArrayList<>();
    switch (place.kind()) {
      case EXEMPTION -> {
        names.add(MarkDispatch.hairpinSet(layout.family()));
        names.add(RulesWriter.nodesSet(layout.family()));
        for (Layout.OwnNode own : layout.ownNode()) {
          names.add(Ipsets.name(own.pods()));
          names.add(Ipsets.name(own.node()));
        }
      }
      case DISPATCH ->
        names.add(MarkDispatch.groupsSet(Direction.valueOf(place.name()), layout.family()));
      case SET -> names.add(Ipsets.PREFIX + place.name());
      case LOOKUP -> names.add(Ipsets.PREFIX + "m" + place.name());
    }
    return names;
  }

  private Artifact artifact() {
    Map<String, String> files = new TreeMap<>();
    StringBuilder newSets = new StringBuilder();
    middle.sets().write(before.sets().names(), new TextOutput(newSets));
    files.put("1-sets.restore", newSets.toString());
    List<String> edits = new ArrayList<>();
    transitions
        .values()
        .forEach(transition ->
            transition.edits().forEach(edit -> edits.addAll(lines(transition, edit))));
    files.put("3-members.restore", lines(edits));
    files.put("4-sets.restore", replacements());
    Set<String> gone = new TreeSet<>(before.sets().names());
    gone.addAll(middle.sets().names());
    gone.removeAll(after.sets().names());
    files.put("6-sets.txt", lines(gone.stream().map(IptablesDelta::bare).toList()));
    int chains = 0;
    for (Family family : transitions.keySet()) {
      String name = family == Family.IPV4 ? "-iptables.restore" : "-ip6tables.restore";
      Chains changed = middle.chains(family).changedSince(before.chains(family));
      chains += changed.names().size();
      files.put("2" + name, transaction(changed, Set.of()));
      Set<String> unused = new TreeSet<>(before.chains(family).names());
      unused.addAll(middle.chains(family).names());
      unused.removeAll(after.chains(family).names());
      files.put(
          "5" + name,
          transaction(after.chains(family).changedSince(middle.chains(family)), unused));
    }
    Set<String> edited = new TreeSet<>();
    edits.forEach(line -> edited.add(line.split(" ")[1]));
    files.put("members.txt", lines(edited.stream().map(IptablesDelta::bare).toList()));
    files.put("members.sha256", digest(edited) + "\n");
    String old = before.marker();
    String now = after.marker();
    String during = Ipsets.PREFIX + "w" + new ContentName().of(old + " to " + now);
    List<String> marks = new ArrayList<>();
    List.of(old, during, now).forEach(mark -> marks.add(bare(mark)));
    files.put("marks.txt", String.join(" ", marks) + "\n");
    Set<String> fresh = new TreeSet<>(after.sets().names());
    fresh.removeAll(before.sets().names());
    gone.removeIf(name -> !before.sets().names().contains(name));
    String summary = String.join(
        "\n",
        "members that come or go      " + edits.size(),
        "sets made                    " + fresh.size(),
        "sets taken away              " + gone.size(),
        "sets replaced at once        " + standIns.size(),
        "chains changed               " + chains,
        "states on the way, proved    "
            + transitions.values().stream().mapToInt(Transition::states).sum(),
        "");
    files.put("summary.txt", summary);
    return Draft.of(
            backend.target(), files, Map.of("apply.sh", IptablesScripts.APPLY_DELTA), summary)
        .artifact();
  }

  private static String lines(Iterable<String> lines) {
    StringBuilder out = new StringBuilder();
    lines.forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  // --- members

  private List<String> lines(Transition transition, RuleEdit edit) {
    String verb = edit.adds() ? "add " : "del ";
    Layout layout = edit.adds() ? transition.after() : transition.before();
    MarkNumbers numbers =
        (edit.adds() ? after : before).numbers().getOrDefault(layout.family(), MarkNumbers.NONE);
    Address address = edit.address();
    List<String> lines = new ArrayList<>();
    switch (edit.place().kind()) {
      case EXEMPTION -> {
        lines.add(verb + MarkDispatch.hairpinSet(layout.family()) + " " + address
            + (edit.adds() ? MarkDispatch.marked(address, marks(), numbers).suffix() : ""));
        layout.ownNode().stream()
            .filter(own -> own.pods().pods().contains(address))
            .forEach(own -> lines.add(verb + Ipsets.name(own.pods()) + " " + address));
      }
      case DISPATCH -> {
        Direction direction = Direction.valueOf(edit.place().name());
        String suffix = layout.groups(direction).stream()
            .filter(group -> edit.adds() && group.pods().contains(address))
            .findFirst()
            .map(group -> suffix(group, numbers))
            .orElse("");
        lines.add(
            verb + MarkDispatch.groupsSet(direction, layout.family()) + " " + address + suffix);
      }
      case SET -> lines.add(verb + Ipsets.PREFIX + edit.place().name() + " " + address);
      case LOOKUP -> {
        String suffix = "";
        for (PeerStep.Lookup lookup : layout.lookups().values()) {
          for (int i = 0; i < lookup.entries().size(); i++) {
            if (edit.adds()
                && Place.of(lookup).equals(edit.place())
                && lookup.entries().get(i).peers().pods().contains(address)) {
              suffix = MarkDispatch.marked(lookup, i, marks()).suffix();
            }
          }
        }
        lines.add(verb + Ipsets.PREFIX + "m" + edit.place().name() + " " + address + suffix);
      }
    }
    return lines;
  }

  private MarkField marks() {
    return backend.marks().orElseThrow();
  }

  private String suffix(Group group, MarkNumbers numbers) {
    return MarkDispatch.marked(group, marks(), numbers).suffix();
  }

  /** What tells whether these sets are those of before: the digest of all their members, sorted, as {@code ipset save} prints them. */
  private String digest(Set<String> sets) {
    List<String> members = new ArrayList<>();
    for (String name : sets) {
      before
          .sets()
          .definition(name)
          .members()
          .forEach(member -> members.add("add " + bare(name) + " " + member));
    }
    members.sort(Comparator.naturalOrder());
    return ContentName.hex(lines(members).getBytes(StandardCharsets.UTF_8));
  }

  private static String bare(String name) {
    return name.substring(Ipsets.PREFIX.length());
  }

  // --- sets and chains

  /** The new members of sets that others stand in for, each put in at once. */
  private String replacements() {
    StringBuilder out = new StringBuilder();
    String fresh = Ipsets.PREFIX + "n";
    for (String name : standIns) {
      after.sets().definition(name).write(fresh, new TextOutput(out));
      out.append("swap ").append(fresh).append(' ').append(name).append('\n');
      out.append("destroy ").append(fresh).append('\n');
    }
    return out.toString();
  }

  /** Declaring a chain empties it, in the same transaction that fills it again, or takes it away. */
  private static String transaction(Chains changed, Set<String> gone) {
    if (changed.names().isEmpty() && gone.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("*mangle\n");
    gone.forEach(chain -> out.append(':').append(chain).append(" - [0:0]\n"));
    out.append(changed.text());
    gone.forEach(chain -> out.append("-X ").append(chain).append('\n'));
    return out.append("COMMIT\n").toString();
  }
}
