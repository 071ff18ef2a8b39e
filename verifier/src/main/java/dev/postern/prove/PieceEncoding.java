package dev.postern.prove;

import dev.postern.net.Address;
import dev.postern.prove.FieldPieces.Piece;
import dev.postern.prove.Sentence.Field;
import dev.postern.solver.BitVector;
import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.Logic;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Each part of a packet as the number of the piece that it is in, of those that the sentence tells apart: as few bits as can be. What is
 * told to Z3 depends on the {@link QuestionShape} alone.
 */
final class PieceEncoding extends SentenceEncoding {

  /** One part of a packet: a vector, and the pieces that its values stand for. */
  private final class Part<V> {
    private final FieldPieces<V> pieces;
    private final BitVector vector;
    private final List<List<Integer>> bySet;
    private final Map<Integer, Formula> known = new HashMap<>();

    Part(String name, FieldPieces<V> pieces) {
      this.pieces = pieces;
      this.bySet = pieces.bySet();
      int last = Math.max(1, pieces.pieces().size() - 1);
      this.vector = logic.vector(name, 32 - Integer.numberOfLeadingZeros(last));
    }

    Formula in(int set) {
      return known.computeIfAbsent(set, s -> oneOf(s < bySet.size() ? bySet.get(s) : List.of()));
    }

    /** The piece has one of these numbers, ascending: run by run. */
    Formula oneOf(List<Integer> numbers) {
      List<Formula> runs = new ArrayList<>();
      for (int i = 0; i < numbers.size(); i++) {
        int first = numbers.get(i);
        while (i + 1 < numbers.size() && numbers.get(i + 1) == numbers.get(i) + 1) {
          i++;
        }
        runs.add(
            logic.between(vector, BigInteger.valueOf(first), BigInteger.valueOf(numbers.get(i))));
      }
      return logic.or(runs);
    }

    Formula any() {
      return oneOf(IntStream.range(0, pieces.pieces().size()).boxed().toList());
    }

    Piece<V> of(FormulaModel model) {
      return pieces.pieces().get(model.value(vector));
    }
  }

  private final QuestionShape form;
  private final Part<Address> source;
  private final Part<Address> destination;
  private final Map<Field, Part<Integer>> numbers = new EnumMap<>(Field.class);

  PieceEncoding(Logic logic, QuestionShape form) {
    super(logic);
    this.form = form;
    this.source = new Part<>("source", form.sources());
    this.destination = new Part<>("destination", form.destinations());
  }

  private Part<Integer> part(Field field) {
    return numbers.computeIfAbsent(field, f -> new Part<>(f.name(), form.numbers(f)));
  }

  @Override
  Formula given() {
    List<Formula> parts = new ArrayList<>();
    parts.add(source.in(form.fromSet()));
    parts.add(destination.in(form.toSet()));
    for (Field field : Field.values()) {
      if (form.isMentioned(field)) {
        parts.add(part(field).any());
      }
    }
    if (form.isJoint()) {
      // Both are cut alike: the same address is in the same piece, and a piece of one has no two.
      List<Integer> single = IntStream.range(0, form.sources().pieces().size())
          .filter(i -> form.sources().pieces().get(i).isSingle())
          .boxed()
          .toList();
      Formula equal = logic.same(source.vector, destination.vector);
      parts.add(logic.or(logic.not(same()), equal));
      parts.add(logic.or(logic.not(logic.and(equal, source.oneOf(single))), same()));
    }
    return logic.and(parts);
  }

  @Override
  public Formula address(Sentence.InAddresses in) {
    return (in.source() ? source : destination).in(form.set(in));
  }

  @Override
  public Formula number(Sentence.InNumbers in) {
    return part(in.field()).in(form.set(in));
  }

  @Override
  public Formula same(Sentence.Same same) {
    return same();
  }

  private Formula same() {
    return logic.flag("same");
  }

  Address source(FormulaModel model) {
    return source.of(model).first();
  }

  /** Another address than the source, unless they are to be the same. */
  Address destination(FormulaModel model) {
    Piece<Address> piece = destination.of(model);
    boolean another = form.isJoint() && !model.holds(same()) && piece.first().equals(source(model));
    return another ? piece.second().orElse(piece.first()) : piece.first();
  }

  int number(FormulaModel model, Field field) {
    return form.isMentioned(field)
        ? part(field).of(model).first()
        : form.numbers(field).pieces().get(0).first();
  }
}
