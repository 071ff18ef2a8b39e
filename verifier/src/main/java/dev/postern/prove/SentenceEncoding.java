package dev.postern.prove;

import dev.postern.solver.Formula;
import dev.postern.solver.Logic;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Tells sentences to Z3, given how the parts of a packet are told to it. */
abstract class SentenceEncoding implements Sentence.Cases<Formula> {

  final Logic logic;
  private final Map<Sentence, Formula> known = new IdentityHashMap<>();

  SentenceEncoding(Logic logic) {
    this.logic = logic;
  }

  /** What the numbers that stand for a packet have to be to stand for one. */
  abstract Formula given();

  final Formula of(Sentence sentence) {
    Formula before = known.get(sentence);
    if (before == null) {
      before = sentence.on(this);
      known.put(sentence, before);
    }
    return before;
  }

  private List<Formula> of(List<Sentence> parts) {
    return parts.stream().map(this::of).toList();
  }

  @Override
  public final Formula all(Sentence.All all) {
    return logic.and(of(all.parts()));
  }

  @Override
  public final Formula any(Sentence.Any any) {
    return logic.or(of(any.parts()));
  }

  @Override
  public final Formula not(Sentence.Not not) {
    return logic.not(of(not.part()));
  }

  @Override
  public final Formula unknown(Sentence.Unknown unknown) {
    return logic.flag("not_understood_" + unknown.number());
  }
}
