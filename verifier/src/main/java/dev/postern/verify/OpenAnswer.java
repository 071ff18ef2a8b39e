package dev.postern.verify;

import dev.postern.answer.Answer;
import dev.postern.answer.Reason;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.FlowVerdict;
import dev.postern.openworld.Blocking;
import dev.postern.openworld.OpenOutcome;
import dev.postern.question.Question;
import java.util.List;
import java.util.Optional;

/**
 * The answer to whether it could ever be so.
 *
 * @param question what was asked
 * @param outcome a proof that it never is, a flow that shows how, or undecided
 * @param blocking where it never is and that was asked for, all the sets of policies that block it, and which are in the way
 * @param cluster the cluster that was asked about
 */
public record OpenAnswer(
    Question.Can question, OpenOutcome outcome, Optional<Blocking> blocking, Cluster cluster) {

  /** Whether an end is a pod that is not there and would have to come. */
  public boolean wouldHaveToCome(End end) {
    return end instanceof End.InPod pod && !cluster.workloads().contains(pod.workload());
  }

  /** Allowed if it could be, denied if it never can; unknown if Z3 did not decide, or it depends on the addresses of a DNS name. */
  public Answer.Verdict verdict() {
    if (outcome instanceof OpenOutcome.Never) {
      return Answer.Verdict.DENIED;
    }
    return outcome instanceof OpenOutcome.Possible possible
            && possible.judgement().verdict() == FlowVerdict.ALLOWED
        ? Answer.Verdict.ALLOWED
        : Answer.Verdict.UNKNOWN;
  }

  /** The rules behind a flow that is possible, the source's side first; none where no policy says anything. */
  public List<Reason> because() {
    return outcome instanceof OpenOutcome.Possible possible
        ? Reason.of(possible.judgement())
        : List.of();
  }
}
