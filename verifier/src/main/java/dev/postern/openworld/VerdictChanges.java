package dev.postern.openworld;

import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
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

  private record Literal(FlowCondition word, BoolExpr flag) {}

  private final TimedQueries search;
  private final ComparisonSetting setting;
  private final FlowEncoding encoding;
  private final Solver finder;
  private final Solver refuter;
  private final boolean isNothing;
  private final List<Literal> literals = new ArrayList<>();
  private final Map<Literal, BoolExpr> meaning = new HashMap<>();

  VerdictChanges(
      TimedQueries search, ComparisonSetting setting, Versions versions, FlowEncoding encoding) {
    this.search = search;
    this.setting = setting;
    this.encoding = encoding;
    BoolExpr change = of(search.logic(), setting, encoding);
    BoolExpr given = encoding.given();
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
  static BoolExpr of(Logic logic, ComparisonSetting setting, FlowEncoding encoding) {
    BoolExpr was = encoding.passes(false, setting.side(), setting.withNames());
    BoolExpr is = encoding.passes(true, setting.side(), setting.withNames());
    return setting.opened() ? logic.and(is, logic.not(was)) : logic.and(was, logic.not(is));
  }

  private void add(FlowCondition word) {
    Literal literal = new Literal(word, search.logic().flag("word." + literals.size()));
    literals.add(literal);
    BoolExpr expression = word.in(encoding);
    meaning.put(literal, expression);
    refuter.add(new BoolExpr[] {search.logic().or(search.logic().not(literal.flag), expression)});
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
    List<BoolExpr> elsewhere =
        others.stream().map(other -> encoding.all(other.words())).toList();
    Logic logic = search.logic();
    return !search.isSatisfiable(
        search.solver(
            encoding.given(), encoding.all(phrase.words()), logic.not(logic.or(elsewhere))),
        List.of());
  }

  private Implicant next() {
    Model model = finder.getModel();
    Map<BoolExpr, FlowCondition> wordOf = new HashMap<>();
    List<BoolExpr> flags = new ArrayList<>();
    for (Literal literal : literals) {
      if (model.eval(meaning.get(literal), true).isTrue()) {
        wordOf.put(literal.flag, literal.word);
        flags.add(literal.flag);
      }
    }
    List<FlowCondition> words = new ArrayList<>();
    for (BoolExpr flag : search.core(refuter, flags, MANY)) {
      words.add(wordOf.get(flag));
    }
    finder.add(new BoolExpr[] {search.logic().not(encoding.all(words))});
    return new Implicant(setting, words);
  }
}
