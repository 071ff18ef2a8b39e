package dev.postern.openworld;

import dev.postern.solver.Formula;
import dev.postern.solver.FormulaModel;
import dev.postern.solver.FormulaSolver;
import dev.postern.solver.Logic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flows on which one side changes its mind, phrase by phrase. Each phrase says as little as suffices (a prime implicant of the change),
 * and holds for changed flows only; together they are all of them.
 */
final class VerdictChanges {

  /** Up to so many words each is tried whether it can be left out; of more, Z3 leaves out some first. */
  private static final int MANY = 40;

  private record Literal(FlowCondition word, Formula flag) {}

  private final TimedQueries search;
  private final ComparisonSetting setting;
  private final FlowEncoding encoding;
  private final FormulaSolver finder;
  private final FormulaSolver refuter;
  private final boolean isNothing;
  private final List<Literal> literals = new ArrayList<>();
  private final Map<Literal, Formula> meaning = new HashMap<>();

  VerdictChanges(
      TimedQueries search, ComparisonSetting setting, Versions versions, FlowEncoding encoding) {
    this.search = search;
    this.setting = setting;
    this.encoding = encoding;
    Formula change = of(search.logic(), setting, encoding);
    Formula given = encoding.given();
    this.isNothing = change == search.logic().no();
    this.finder = search.solver(given, change);
    this.refuter = search.solver(given, search.logic().not(change));
    if (!isNothing) {
      new FlowConditions(setting, versions).opposites().forEach((word, opposite) -> {
        add(word);
        add(opposite);
      });
      literals.sort(Comparator.comparingInt(literal -> literal.word.worth()));
    }
  }

  /** That the verdict of the side in question changes, the way that is looked for. */
  static Formula of(Logic logic, ComparisonSetting setting, FlowEncoding encoding) {
    Formula was = encoding.passes(false, setting.side(), setting.perhaps());
    Formula is = encoding.passes(true, setting.side(), setting.perhaps());
    return setting.opened() ? logic.and(is, logic.not(was)) : logic.and(was, logic.not(is));
  }

  private void add(FlowCondition word) {
    Literal literal = new Literal(word, search.logic().flag("word." + literals.size()));
    literals.add(literal);
    Formula expression = word.in(encoding);
    meaning.put(literal, expression);
    refuter.add(search.logic().or(search.logic().not(literal.flag), expression));
  }

  /**
   * All phrases, none of which the others together say as well; nothing if they are more than enough.
   *
   * @param enough how many may be found on the way
   */
  Optional<List<Implicant>> phrases(int enough) {
    List<Implicant> found = new ArrayList<>();
    while (!isNothing && search.isSatisfiable(finder, List.of())) {
      if (found.size() == enough) {
        return Optional.empty();
      }
      found.add(next());
    }
    for (Implicant phrase : List.copyOf(found)) {
      List<Implicant> others = new ArrayList<>(found);
      others.remove(phrase);
      if (!others.isEmpty() && saysNothingElse(phrase, others)) {
        found = others;
      }
    }
    return Optional.of(found);
  }

  private boolean saysNothingElse(Implicant phrase, List<Implicant> others) {
    List<Formula> elsewhere =
        others.stream().map(other -> encoding.all(other.words())).toList();
    Logic logic = search.logic();
    return !search.isSatisfiable(
        search.solver(
            encoding.given(), encoding.all(phrase.words()), logic.not(logic.or(elsewhere))),
        List.of());
  }

  private Implicant next() {
    FormulaModel model = finder.model();
    Map<Formula, FlowCondition> wordOf = new HashMap<>();
    List<Formula> flags = new ArrayList<>();
    for (Literal literal : literals) {
      if (model.holds(meaning.get(literal))) {
        wordOf.put(literal.flag, literal.word);
        flags.add(literal.flag);
      }
    }
    List<FlowCondition> words = new ArrayList<>();
    for (Formula flag : search.core(refuter, flags, MANY)) {
      words.add(wordOf.get(flag));
    }
    finder.add(search.logic().not(encoding.all(words)));
    return new Implicant(setting, words);
  }
}
