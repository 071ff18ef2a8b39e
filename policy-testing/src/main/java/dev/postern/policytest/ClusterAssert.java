package dev.postern.policytest;

import dev.postern.question.Expectation;
import dev.postern.solver.Limits;
import dev.postern.spec.Check;
import dev.postern.spec.Specifications;
import dev.postern.verify.Verifier;
import org.assertj.core.annotation.CheckReturnValue;
import org.assertj.core.api.AbstractAssert;

/** Assertions about the policies of a cluster. For one thread. */
public final class ClusterAssert extends AbstractAssert<ClusterAssert, Verifier> {

  ClusterAssert(Verifier verifier) {
    super(verifier, ClusterAssert.class);
  }

  /**
   * Who is to reach somebody, or not to.
   *
   * @param source in the words of statements: {@code shop/frontend}, {@code namespace dev}, {@code internet}, {@code 203.0.113.7}
   */
  @CheckReturnValue
  public SourceAssert from(String source) {
    return new SourceAssert(this, source);
  }

  /**
   * That a statement holds, such as {@code only shop/frontend can reach shop/db on 5432}.
   *
   * @throws dev.postern.question.BadSentence if it is no statement
   * @throws AssertionError if it does not hold, is undecided, or names what the cluster does not have
   */
  public ClusterAssert holds(String statement) {
    isNotNull();
    Check check = new Specifications(actual, Limits.DEFAULT).check(Expectation.parse(statement));
    if (check.result() != Check.Result.HOLDS) {
      failWithMessage("%s", FailureMessage.of(check, actual));
    }
    return this;
  }
}
