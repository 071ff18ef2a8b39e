package dev.postern.nftables;

import dev.postern.backend.Artifact;
import dev.postern.backend.Draft;
import dev.postern.net.Family;
import dev.postern.netfilter.ContentName;
import dev.postern.netfilter.Deny;
import dev.postern.netfilter.Layout;
import dev.postern.netfilter.RuleEdit;
import dev.postern.netfilter.Transition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes a {@link Transition} of each family as an artefact: a few transactions, each of which also takes the mark of the one before and
 * leaves its own, so that none is made twice or without the one before it.
 */
final class NftablesDelta {

  private static final String NAME = "inet " + Nftables.TABLE + " ";

  private final String denial;
  private final List<Transition> transitions = new ArrayList<>();
  /** Sets and maps that others stand in for. */
  private final Set<String> standIns = new TreeSet<>();

  private final NftTable before;
  private final NftTable middle;
  private final NftTable after;
  private final List<String> steps = new ArrayList<>();

  private NftablesDelta(
      Map<Family, Layout> before, Map<Family, Layout> after, boolean nodeTraffic, Deny deny) {
    this.denial = RulesetWriter.denial(deny);
    Map<Family, Layout> layouts = new EnumMap<>(Family.class);
    after.forEach((family, now) -> {
      Layout old = before.getOrDefault(family, Layout.none(family));
      Transition transition = Transition.of(old, now, Set.of(), true);
      transitions.add(transition);
      layouts.put(family, transition.middle());
      Elements elements = new Elements(now, denial);
      transition.standIns().forEach(place -> standIns.add(elements.at(place)));
    });
    this.before = new RulesetWriter(before, nodeTraffic, deny).write();
    this.middle = new RulesetWriter(layouts, nodeTraffic, deny, standIns).write();
    this.after = new RulesetWriter(after, nodeTraffic, deny).write();
  }

  static Artifact between(
      Map<Family, Layout> before, Map<Family, Layout> after, boolean nodeTraffic, Deny deny) {
    return new NftablesDelta(before, after, nodeTraffic, deny).artifact();
  }

  private Artifact artifact() {
    step(middle.additions(before));
    step(middle.rewrites(before));
    int members = members();
    step(after.refills(standIns::contains));
    step(after.rewrites(middle));
    step(after.removals(before, middle));
    Map<String, String> files = new TreeMap<>();
    String old = before.marker();
    String now = after.marker();
    String way = "w_" + new ContentName().of(old + " to " + now) + "_";
    if (!old.equals(now) && steps.isEmpty()) {
      steps.add("");
    }
    StringBuilder order = new StringBuilder();
    String last = old;
    for (int i = 0; i < steps.size(); i++) {
      String next = i == steps.size() - 1 ? now : way + (i + 1);
      String file = String.format(Locale.ROOT, "step-%02d.nft", i + 1);
      files.put(
          file, "delete chain " + NAME + last + "\nadd chain " + NAME + next + "\n" + steps.get(i));
      order.append(last).append(' ').append(file).append(' ').append(next).append('\n');
      last = next;
    }
    files.put("steps.txt", steps.isEmpty() ? old + " - " + now + "\n" : order.toString());
    String summary = String.join(
        "\n",
        "elements that come or go     " + members,
        "sets and chains made         " + after.madeSince(before),
        "sets and chains taken away   " + before.missingIn(after),
        "sets replaced at once        " + standIns.size(),
        "transactions                 " + steps.size(),
        "states on the way, proved    "
            + transitions.stream().mapToInt(Transition::states).sum(),
        "");
    files.put("summary.txt", summary);
    return Draft.of("nftables", files, Map.of("apply.sh", NftablesScripts.APPLY_DELTA), summary)
        .artifact();
  }

  private void step(String text) {
    if (!text.isEmpty()) {
      steps.add(text);
    }
  }

  /** What comes or goes in places of one kind is one transaction. An element that is there already, or is not, makes it fail as a whole. */
  private int members() {
    SortedMap<Integer, StringBuilder> stages = new TreeMap<>();
    int count = 0;
    for (Transition transition : transitions) {
      Elements old = new Elements(transition.before(), denial);
      Elements now = new Elements(transition.after(), denial);
      for (Map.Entry<Integer, List<RuleEdit>> stage : transition.stages().entrySet()) {
        StringBuilder out = stages.computeIfAbsent(stage.getKey(), key -> new StringBuilder());
        for (RuleEdit edit : stage.getValue()) {
          for (String element : (edit.adds() ? now : old).of(edit)) {
            out.append(edit.adds() ? "create" : "delete")
                .append(" element ")
                .append(NAME)
                .append(now.at(edit.place()))
                .append(" { ")
                .append(element)
                .append(" }\n");
            count++;
          }
        }
      }
    }
    stages.values().forEach(stage -> step(stage.toString()));
    return count;
  }
}
