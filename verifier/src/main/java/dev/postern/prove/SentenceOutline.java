package dev.postern.prove;

import dev.postern.net.AddressSet;
import dev.postern.prove.Sentence.All;
import dev.postern.prove.Sentence.Any;
import dev.postern.prove.Sentence.Field;
import dev.postern.prove.Sentence.InAddresses;
import dev.postern.prove.Sentence.InNumbers;
import dev.postern.prove.Sentence.Not;
import dev.postern.prove.Sentence.Same;
import dev.postern.prove.Sentence.Unknown;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A sentence without what its sets hold: how it is made of their numbers, in the order in which they are first mentioned. Sentences that
 * differ in names of addresses and ports only have the same outline.
 */
final class SentenceOutline implements Sentence.Cases<Integer> {

  private static final int ALL = -1;
  private static final int ANY = -2;
  private static final int NOT = -3;
  private static final int SOURCE = -4;
  private static final int DESTINATION = -5;
  private static final int SAME = -6;
  private static final int UNKNOWN = -7;
  private static final int NUMBER = -8;

  /** The sets that one part of a packet is held against, each once. */
  static final class Sets<T> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> inOrder = new ArrayList<>();

    int number(T set) {
      Integer known = numbers.putIfAbsent(set, inOrder.size());
      if (known == null) {
        inOrder.add(set);
        return inOrder.size() - 1;
      }
      return known;
    }

    List<T> inOrder() {
      return inOrder;
    }
  }

  private final Map<Sentence, Integer> numbers = new IdentityHashMap<>();
  private final Map<AddressSet, Integer> sources = new IdentityHashMap<>();
  private final Map<AddressSet, Integer> destinations = new IdentityHashMap<>();
  private final Map<Integer, Integer> unknowns = new HashMap<>();
  private final NumberText words = new NumberText();

  final Sets<AddressSet> sourceSets = new Sets<>();
  final Sets<AddressSet> destinationSets = new Sets<>();
  final Map<Field, Sets<List<Integer>>> numberSets = new EnumMap<>(Field.class);
  /** Whether it matters that source and destination are the same. */
  boolean same;

  SentenceOutline(Sentence sentence) {
    number(sentence);
  }

  /** What sentences of the same outline share. */
  NumberText words() {
    return words;
  }

  private int number(Sentence sentence) {
    Integer known = numbers.get(sentence);
    if (known == null) {
      sentence.on(this);
      // Its parts have their numbers by now.
      known = numbers.size();
      numbers.put(sentence, known);
    }
    return known;
  }

  private int say(int... text) {
    for (int word : text) {
      words.add(word);
    }
    return 0;
  }

  private int say(int kind, List<Sentence> parts) {
    int[] numbersOfParts = parts.stream().mapToInt(this::number).toArray();
    say(kind, parts.size());
    return say(numbersOfParts);
  }

  @Override
  public Integer all(All all) {
    return say(ALL, all.parts());
  }

  @Override
  public Integer any(Any any) {
    return say(ANY, any.parts());
  }

  @Override
  public Integer not(Not not) {
    return say(NOT, number(not.part()));
  }

  @Override
  public Integer address(InAddresses in) {
    return say(in.source() ? SOURCE : DESTINATION, setOf(in));
  }

  /** The number of the set that an address is held against. */
  int setOf(InAddresses in) {
    return in.source()
        ? sources.computeIfAbsent(in.set(), sourceSets::number)
        : destinations.computeIfAbsent(in.set(), destinationSets::number);
  }

  @Override
  public Integer number(InNumbers in) {
    return say(NUMBER, in.field().ordinal(), setOf(in));
  }

  /** The number of the set that a number is held against. */
  int setOf(InNumbers in) {
    return numberSets.computeIfAbsent(in.field(), f -> new Sets<>()).number(in.ranges());
  }

  List<List<Integer>> sets(Field field) {
    return numberSets.containsKey(field)
        ? Objects.requireNonNull(numberSets.get(field)).inOrder()
        : List.of();
  }

  @Override
  public Integer same(Same equal) {
    same = true;
    return say(SAME);
  }

  @Override
  public Integer unknown(Unknown unknown) {
    return say(UNKNOWN, unknowns.computeIfAbsent(unknown.number(), n -> unknowns.size()));
  }
}
