package dev.postern.openflow.reader;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The flows of a table by priority, the highest first.
 *
 * @param levels the priorities
 * @param byId the flows that ask for a conjunction
 */
record PriorityLevels(List<Level> levels, Map<Long, List<FlowEntry>> byId) {

  static final PriorityLevels NONE = new PriorityLevels(List.of(), Map.of());

  /**
   * The flows of one priority.
   *
   * @param ordinary those with actions of their own
   * @param conjunctions by id
   * @param overlaps ordinary flows that some packet may match both of
   * @param index finds ordinary flows
   * @param alternatives finds those that are alternatives of conjunctions
   */
  record Level(
      int priority,
      List<FlowEntry> ordinary,
      Map<Long, Conjunction> conjunctions,
      List<Pair> overlaps,
      FlowIndex index,
      FlowIndex alternatives) {}

  /** Two flows. */
  record Pair(FlowEntry one, FlowEntry other) {}

  static PriorityLevels of(List<FlowEntry> flows) {
    SortedMap<Integer, List<FlowEntry>> byPriority = new TreeMap<>(Collections.reverseOrder());
    Map<Long, List<FlowEntry>> byId = new HashMap<>();
    for (FlowEntry flow : flows) {
      byPriority.computeIfAbsent(flow.priority(), p -> new ArrayList<>()).add(flow);
      flow.match()
          .conjunction()
          .ifPresent(id -> byId.computeIfAbsent(id, i -> new ArrayList<>()).add(flow));
    }
    List<Level> levels = new ArrayList<>();
    byPriority.forEach((priority, same) -> levels.add(level(priority, same)));
    return new PriorityLevels(levels, byId);
  }

  private static Level level(int priority, List<FlowEntry> flows) {
    List<FlowEntry> ordinary =
        flows.stream().filter(flow -> flow.clauses().isEmpty()).toList();
    Map<Long, Conjunction> conjunctions = new LinkedHashMap<>();
    for (FlowEntry flow : flows) {
      for (FlowStep.Conjunction clause : flow.clauses()) {
        Conjunction known = conjunctions.computeIfAbsent(
            clause.id(), id -> new Conjunction(id, priority, clause.clauses(), new TreeMap<>()));
        known
            .alternatives()
            .computeIfAbsent(clause.clause(), c -> new ArrayList<>())
            .add(flow);
        if (known.clauses() != clause.clauses()) {
          conjunctions.put(
              clause.id(), new Conjunction(clause.id(), priority, 0, known.alternatives()));
        }
      }
    }
    List<FlowEntry> alternatives =
        flows.stream().filter(flow -> !flow.clauses().isEmpty()).toList();
    return new Level(
        priority,
        ordinary,
        conjunctions,
        overlaps(ordinary),
        new FlowIndex(ordinary),
        new FlowIndex(alternatives));
  }

  /** The flows that ask for a conjunction, whatever their priority. */
  List<FlowEntry> results(long id) {
    return byId.getOrDefault(id, List.of());
  }

  /**
   * Whether a packet that meets a conjunction, and no ordinary flow of its priority or above, finds a flow when it is looked up again: nothing stands
   * before the flow but what asks for other conjunctions, which it does not meet.
   */
  boolean isFoundBy(FlowEntry flow, Conjunction conjunction) {
    return levels.stream()
        .filter(level ->
            level.priority() < conjunction.priority() && level.priority() >= flow.priority())
        .flatMap(level -> level.ordinary().stream())
        .allMatch(other -> other.match().conjunction().isPresent());
  }

  /** Whether nothing else can match a packet below a conjunction, or beside it. */
  boolean isLast(Conjunction conjunction) {
    return levels.stream()
        .filter(level -> level.priority() <= conjunction.priority())
        .allMatch(
            level -> level.conjunctions().keySet().stream().allMatch(id -> id == conjunction.id()));
  }

  /** Pairs of flows that a packet may match both of. Flows that ask for the same bits differ in them, and so are found by hash. */
  private static List<Pair> overlaps(List<FlowEntry> flows) {
    Map<Map<String, BigInteger>, List<FlowEntry>> byShape = new LinkedHashMap<>();
    for (FlowEntry flow : flows) {
      Map<String, BigInteger> shape = new HashMap<>();
      flow.match().fields().forEach((field, bits) -> shape.put(field, bits.mask()));
      byShape.computeIfAbsent(shape, s -> new ArrayList<>()).add(flow);
    }
    List<Pair> pairs = new ArrayList<>();
    List<Map<String, BigInteger>> shapes = new ArrayList<>(byShape.keySet());
    for (int i = 0; i < shapes.size(); i++) {
      for (int j = i; j < shapes.size(); j++) {
        overlaps(
            byShape.getOrDefault(shapes.get(i), List.of()),
            byShape.getOrDefault(shapes.get(j), List.of()),
            common(shapes.get(i), shapes.get(j)),
            i == j,
            pairs);
      }
    }
    return pairs;
  }

  private static Map<String, BigInteger> common(
      Map<String, BigInteger> one, Map<String, BigInteger> other) {
    Map<String, BigInteger> common = new HashMap<>();
    one.forEach(
        (field, mask) -> common.put(field, mask.and(other.getOrDefault(field, BigInteger.ZERO))));
    return common;
  }

  private static void overlaps(
      List<FlowEntry> some,
      List<FlowEntry> others,
      Map<String, BigInteger> common,
      boolean same,
      List<Pair> pairs) {
    Map<Map<String, BigInteger>, List<FlowEntry>> byBits = new HashMap<>();
    for (FlowEntry flow : some) {
      byBits.computeIfAbsent(bits(flow, common), b -> new ArrayList<>()).add(flow);
    }
    for (FlowEntry other : others) {
      for (FlowEntry flow : byBits.getOrDefault(bits(other, common), List.of())) {
        if (!same || flow.line() < other.line()) {
          pairs.add(new Pair(flow, other));
        }
      }
    }
  }

  private static Map<String, BigInteger> bits(FlowEntry flow, Map<String, BigInteger> common) {
    Map<String, BigInteger> bits = new HashMap<>();
    common.forEach((field, mask) -> {
      MaskedBits own = flow.match().fields().get(field);
      bits.put(field, own == null ? BigInteger.ZERO : own.value().and(mask));
    });
    return bits;
  }
}
