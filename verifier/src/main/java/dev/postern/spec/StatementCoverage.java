package dev.postern.spec;

import dev.postern.answer.QuestionScope;
import dev.postern.cluster.Workload;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Action;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.question.BadSentence;
import dev.postern.question.Question;
import dev.postern.question.Statement;
import dev.postern.verify.Verifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What of a cluster statements are about, whether or not they hold: a rule that allows traffic, if a statement asks about some of the
 * traffic that the rule covers; a workload, if a statement names it on either side. {@code only A can reach B} is about all that may reach B,
 * and names A and B. Pods that could come do not count.
 *
 * @param rules how many rules allow traffic, in all tiers
 * @param unstatedRules those that no statement is about, in the cluster's order
 * @param workloads how many workloads there are
 * @param unstatedWorkloads those that no statement names, in the cluster's order
 */
public record StatementCoverage(
    int rules, List<UnstatedRule> unstatedRules, int workloads, List<Workload> unstatedWorkloads) {

  /**
   * A rule that no statement is about.
   *
   * @param policy its policy
   * @param rule the rule
   * @param coversNothing whether it allows no pod and no address that is here anything, so that no statement can be about it
   */
  public record UnstatedRule(Policy policy, PolicyRule rule, boolean coversNothing) {}

  public StatementCoverage {
    unstatedRules = List.copyOf(unstatedRules);
    unstatedWorkloads = List.copyOf(unstatedWorkloads);
  }

  /** What statements are about; one that names something that is not in the cluster is about nothing. */
  public static StatementCoverage of(Verifier verifier, List<Statement> statements) {
    List<QuestionScope> scopes = new ArrayList<>();
    Set<Workload> named = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Statement statement : statements) {
      for (Question.Can question : questions(statement)) {
        List<QuestionScope> found = scopes(verifier, question);
        scopes.addAll(found);
        found.forEach(scope -> named.addAll(scope.workloads()));
        if (found.isEmpty() && statement.mood() == Statement.Mood.NEVER) {
          // On one side no pod is here, and those that could come are meant; the other side is
          // named nevertheless.
          sides(question).stream()
              .flatMap(side -> scopes(verifier, side).stream())
              .forEach(scope -> named.addAll(scope.workloads()));
        }
      }
      if (statement.mood() == Statement.Mood.ONLY) {
        scopes.addAll(scopes(
            verifier,
            new Question.Who(statement.text(), statement.destination(), statement.asked())));
      }
    }
    List<PlanRule> allowing = verifier.plan().rules().stream()
        .filter(rule ->
            rule.action() == Action.ALLOW && rule.policy().kind() != PolicyKind.UNDETERMINED)
        .toList();
    List<Workload> workloads = verifier.cluster().workloads();
    return new StatementCoverage(
        allowing.size(),
        allowing.stream()
            .filter(rule -> scopes.stream().noneMatch(scope -> scope.isAbout(rule)))
            .map(rule -> new UnstatedRule(
                rule.policy(), rule.rule(), rule.rectangles().isEmpty() && rule.isCertain()))
            .toList(),
        workloads.size(),
        workloads.stream().filter(workload -> !named.contains(workload)).toList());
  }

  private static List<Question.Can> questions(Statement statement) {
    return statement.sources().stream()
        .map(source ->
            new Question.Can(statement.text(), source, statement.destination(), statement.asked()))
        .toList();
  }

  private static List<Question> sides(Question.Can question) {
    return List.of(
        new Question.What(question.text(), question.source(), question.asked()),
        new Question.Who(question.text(), question.destination(), question.asked()));
  }

  /** Nothing if the question names something that is not here, which the statement's own check says. */
  private static List<QuestionScope> scopes(Verifier verifier, Question question) {
    try {
      return verifier.scopes(question);
    } catch (BadSentence notHere) {
      return List.of();
    }
  }
}
