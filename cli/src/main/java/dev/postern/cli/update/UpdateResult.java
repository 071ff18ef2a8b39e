package dev.postern.cli.update;

import dev.postern.cli.proof.ProofResult;
import dev.postern.netfilter.update.UpdateState;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.StatesBetween.Strayed;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of an update.
 *
 * @param before the state that it meets, held against the manifests of before
 * @param after the state that it ends in, held against the new manifests
 * @param states those on the way that packets can meet, the last among them
 * @param strayed the first state that does not lie between the two
 * @param late why not all states were compared; empty if they were
 */
public record UpdateResult(
    ProofResult before,
    ProofResult after,
    List<UpdateState> states,
    Optional<Strayed> strayed,
    Optional<String> late) {

  public UpdateResult {
    states = List.copyOf(states);
  }

  /** The gravest of what was found. */
  public Verdict verdict() {
    boolean strays = strayed.filter(Strayed::isCertain).isPresent();
    Verdict first = before.proof().verdict();
    Verdict last = after.proof().verdict();
    if (strays || first == Verdict.DIFFERS || last == Verdict.DIFFERS) {
      return Verdict.DIFFERS;
    }
    return strayed.isEmpty() && late.isEmpty() && first == Verdict.PROVED && last == Verdict.PROVED
        ? Verdict.PROVED
        : Verdict.UNKNOWN;
  }

  String word() {
    return verdict().name().toLowerCase(Locale.ROOT);
  }

  /** The state that strays. */
  Optional<UpdateState> place() {
    return strayed.map(each -> states.get(each.number()));
  }
}
