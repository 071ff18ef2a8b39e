package dev.postern.netfilter.reader;

import dev.postern.backend.Note;
import dev.postern.backend.Remedy;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.Condition.ConnectionState;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.EnforcedRules.Chain;
import dev.postern.enforced.EnforcedRules.Ending;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.EnforcedRules.Stage;
import dev.postern.enforced.RuleAction;
import dev.postern.net.AddressSet;
import dev.postern.netfilter.reader.Plane.Hook;
import dev.postern.netfilter.reader.Plane.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Puts the planes of a node together: a packet passes their hooks in the order of the kernel's priorities. */
public final class Planes {

  private static final String NAT = "nat PREROUTING";
  private static final String UNSEEN = "what was not read";

  private final Map<String, Chain> chains = new LinkedHashMap<>();
  private final List<Stage> stages = new ArrayList<>();

  private final Journey journey;

  private Planes(Journey journey) {
    this.journey = journey;
  }

  /**
   * Planes that are read twice: first for what the node translates, then with that.
   *
   * @param node what is known of the node before its rules are read
   */
  public static List<Plane> read(
      NodeFacts node, Function<NodeFacts, List<Plane>> planes, List<String> unseen) {
    List<Plane> first = planes.apply(node);
    AddressSet translated = first.stream()
        .map(plane -> plane.translation().destinations())
        .reduce(AddressSet.EMPTY, AddressSet::union);
    NodeFacts known = new NodeFacts(node.addresses(), node.connectionMarks(), translated);
    // Rules that were not read may translate as well.
    boolean again = unseen.isEmpty() && !known.equals(node);
    return again ? planes.apply(known) : first;
  }

  /**
   * The rules that a forwarded packet passes.
   *
   * @param file the name of a dump, for messages
   * @param unseen what else judges, or may judge, packets on the node and was not read, in words; it may drop any of them and mark them
   * @throws UnreadableDump if a chain is missing, or leads back to itself
   */
  public static EnforcedRules rules(String file, List<Plane> planes, List<String> unseen) {
    return rules(file, planes, unseen, Journey.FORWARDED);
  }

  /** The rules that a packet passes on some way. */
  static EnforcedRules rules(
      String file, List<Plane> planes, List<String> unseen, Journey journey) {
    return new Planes(journey).together(file, planes, unseen);
  }

  /**
   * That a proof says nothing of what was not read.
   *
   * @param what names of planes, at least one
   */
  public static Note unread(List<String> what) {
    return Note.of(
        "nothing was read of " + String.join(", ", what)
            + ", where the node may drop packets as well",
        Remedy.READ_WHOLE_NODE);
  }

  private EnforcedRules together(String file, List<Plane> planes, List<String> unseen) {
    planes.forEach(plane -> chains.putAll(plane.chains()));
    Translation translation = planes.stream()
        .map(plane -> journey.destinations() == Point.OUTPUT ? plane.ofNode() : plane.translation())
        .reduce(Translation.NONE, Translation::and);
    boolean sources = journey.sources() == Point.INPUT
        ? planes.stream().anyMatch(Plane::sourcesOfInput)
        : translation.source();
    List<Hook> hooks = new ArrayList<>();
    planes.forEach(plane -> plane.hooks().stream()
        .filter(hook -> journey.points().contains(hook.point()))
        .forEach(hooks::add));
    if (!translation.effects().isEmpty()) {
      chains.put(NAT, new Chain(NAT, translation.effects()));
      // The nat tables are asked about packets that open a connection, and about none of a known
      // one.
      Condition opening = new Condition.State(Set.of(ConnectionState.NEW, ConnectionState.RELATED));
      hooks.add(new Hook(
          journey.destinations(), Plane.DESTINATIONS, new Stage(NAT, opening, NAT, Ending.ACCEPT)));
    }
    hooks.sort(Comparator.comparing(Hook::point).thenComparingInt(Hook::priority));
    unseen(unseen);
    SamePriority order = new SamePriority(hooks, chains);
    Connections connections = Connections.of(chains.values());
    for (int i = 0; i < hooks.size(); i++) {
      Hook hook = hooks.get(i);
      Stage stage = hook.stage();
      if (Connections.isUnknownAt(hook)) {
        stage = changed(stage, " before conntrack", asked -> connections.at(hook, asked), hook);
      }
      if (!journey.equals(Journey.FORWARDED)) {
        stage = changed(stage, " on the way by " + hook.point(), journey.sees(hook), hook);
      }
      if (hook.isBeforeDestinations(journey.destinations()) && !translation.isNothing()) {
        stage = changed(stage, " before translation", translation::before, hook);
      } else if (hook.isAfterSources(journey.sources()) && sources) {
        stage = changed(stage, " after translation", translation::after, hook);
      }
      int marks = order.changedBeside(hook);
      stages.add(
          marks == 0
              ? stage
              : changed(
                  stage,
                  " with marks of its priority",
                  asked -> SamePriority.withoutMarks(asked, marks),
                  hook));
      boolean last = i + 1 == hooks.size() || !hooks.get(i + 1).isBeside(hook);
      if (last && order.undecided(hook) != 0) {
        undecided(hook, order.undecided(hook));
      }
    }
    return UnreadableDump.orRules(file, stages, chains);
  }

  /** After stages of one priority that set the same bits of the mark, nobody knows who was the last. */
  private void undecided(Hook hook, int bits) {
    String name = "marks of " + hook.stage().name() + " and others of its priority";
    EnforcedRule rule =
        new EnforcedRule(Condition.ALWAYS, new RuleAction.UnknownMark(bits), name, Origin.NONE);
    chains.put(name, new Chain(name, List.of(rule)));
    stages.add(new Stage(name, Condition.ALWAYS, name, Ending.ACCEPT));
  }

  private void unseen(List<String> unseen) {
    if (unseen.isEmpty()) {
      return;
    }
    List<EnforcedRule> rules = new ArrayList<>();
    for (String what : unseen) {
      rules.add(new EnforcedRule(new Condition.Unknown(what), RuleAction.DROP, what, Origin.NONE));
    }
    rules.add(new EnforcedRule(
        Condition.ALWAYS, new RuleAction.UnknownMark(-1), String.join("; ", unseen), Origin.NONE));
    chains.put(UNSEEN, new Chain(UNSEEN, rules));
    stages.add(new Stage(UNSEEN, Condition.ALWAYS, UNSEEN, Ending.ACCEPT));
  }

  /** A stage whose conditions see packets otherwise than they are judged: copies of all chains that it leads to. */
  private Stage changed(Stage stage, String suffix, UnaryOperator<Condition> sees, Hook hook) {
    copy(stage.chain(), suffix, sees, hook, new HashSet<>());
    return new Stage(
        stage.name(), sees.apply(stage.applies()), stage.chain() + suffix, stage.otherwise());
  }

  private void copy(
      String name, String suffix, UnaryOperator<Condition> sees, Hook hook, Set<String> done) {
    Chain chain = chains.get(name);
    if (chain == null || !done.add(name)) {
      return;
    }
    List<EnforcedRule> rules = new ArrayList<>();
    for (EnforcedRule rule : chain.rules()) {
      RuleAction action = rule.action();
      if (action instanceof RuleAction.Jump jump) {
        if (journey.passesBy(hook, jump.chain())) {
          continue;
        }
        copy(jump.chain(), suffix, sees, hook, done);
        action = new RuleAction.Jump(jump.chain() + suffix);
      } else if (action instanceof RuleAction.Goto go) {
        copy(go.chain(), suffix, sees, hook, done);
        action = new RuleAction.Goto(go.chain() + suffix);
      } else if (action instanceof RuleAction.MapMark map && isHidden(map, sees)) {
        action = new RuleAction.UnknownMark(map.entries().stream()
            .map(entry -> entry.value() | entry.mask())
            .reduce(0, (a, b) -> a | b));
      }
      rules.add(new EnforcedRule(sees.apply(rule.condition()), action, rule.text(), rule.origin()));
    }
    chains.put(name + suffix, new Chain(Objects.requireNonNull(chain).name(), rules));
  }

  /** Whether the address that a table is asked for is one that is not known here. */
  private static boolean isHidden(RuleAction.MapMark map, UnaryOperator<Condition> sees) {
    return map.entries().stream()
        .map(entry -> map.source()
            ? new Condition.SourceAddress(entry.addresses())
            : new Condition.DestinationAddress(entry.addresses()))
        .anyMatch(part -> !sees.apply(part).equals(part));
  }
}
