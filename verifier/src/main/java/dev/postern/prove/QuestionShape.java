package dev.postern.prove;

import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.prove.FieldPieces.Piece;
import dev.postern.prove.Sentence.Field;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What decides whether some packet is as a sentence says: its outline, and which pieces there are of each part of a packet. Which addresses and
 * ports are in a piece does not matter as long as some are, so that sentences of equal form, such as those about two namespaces made from
 * one template, are satisfied both or neither, and Z3 need be asked about one of them only.
 */
final class QuestionShape {

  private final SentenceOutline outline;
  private final int fromSet;
  private final int toSet;
  private final FieldPieces<Address> sources;
  private final FieldPieces<Address> destinations;
  private final Map<Field, FieldPieces<Integer>> numbers = new EnumMap<>(Field.class);

  /** Equal for sentences of equal form. */
  record Key(IntBuffer words) {}

  QuestionShape(Sentence sentence, Packets packets) {
    this.outline = new SentenceOutline(sentence);
    List<AddressSet> from = new ArrayList<>(outline.sourceSets.inOrder());
    List<AddressSet> to = new ArrayList<>(outline.destinationSets.inOrder());
    if (isJoint()) {
      this.fromSet = from.size() + to.size();
      this.toSet = fromSet + 1;
      from.addAll(to);
      from.add(packets.from);
      from.add(packets.to);
      this.sources = FieldPieces.ofAddresses(from);
      this.destinations = sources;
    } else {
      this.fromSet = from.size();
      this.toSet = to.size();
      from.add(packets.from);
      to.add(packets.to);
      this.sources = FieldPieces.ofAddresses(from);
      this.destinations = FieldPieces.ofAddresses(to);
    }
    for (Field field : Field.values()) {
      numbers.put(field, FieldPieces.ofNumbers(field.bits, outline.sets(field)));
    }
  }

  /** Whether it matters that source and destination are the same, so that both are cut into the same pieces. */
  boolean isJoint() {
    return outline.same;
  }

  FieldPieces<Address> sources() {
    return sources;
  }

  FieldPieces<Address> destinations() {
    return destinations;
  }

  FieldPieces<Integer> numbers(Field field) {
    return Objects.requireNonNull(numbers.get(field));
  }

  boolean isMentioned(Field field) {
    return !outline.sets(field).isEmpty();
  }

  /** The number, among the sets of the sources' pieces, of where packets come from at all. */
  int fromSet() {
    return fromSet;
  }

  /** The number, among the sets of the destinations' pieces, of where packets go to at all. */
  int toSet() {
    return toSet;
  }

  /** The number, among the pieces' sets, of the one that an address is held against. */
  int set(Sentence.InAddresses in) {
    return outline.setOf(in)
        + (isJoint() && !in.source() ? outline.sourceSets.inOrder().size() : 0);
  }

  /** The number, among the pieces' sets, of the one that a number is held against. */
  int set(Sentence.InNumbers in) {
    return outline.setOf(in);
  }

  Key key() {
    NumberText words = outline.words().copy();
    say(words, sources);
    if (!isJoint()) {
      say(words, destinations);
    }
    numbers.values().forEach(pieces -> say(words, pieces));
    return new Key(words.buffer());
  }

  private <V> void say(NumberText words, FieldPieces<V> pieces) {
    words.add(pieces.pieces().size());
    for (Piece<V> piece : pieces.pieces()) {
      words.add(isJoint() && piece.isSingle() ? 1 : 0);
      words.add(piece.in().cardinality());
      piece.in().stream().forEach(words::add);
    }
  }
}
