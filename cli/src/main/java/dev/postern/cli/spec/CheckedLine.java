package dev.postern.cli.spec;

import dev.postern.meaning.Judgement;
import dev.postern.spec.Check.Result;
import dev.postern.why.DecisionWords;
import java.util.List;
import java.util.Optional;

/**
 * What became of one line of a specification.
 *
 * @param file the specification
 * @param line its line, 1 for the first
 * @param sentence the line
 * @param result whether it holds
 * @param detail why not; empty if it holds
 * @param witness a flow that shows it, where one can
 * @param notes what it takes for granted that it holds
 */
public record CheckedLine(
    String file,
    int line,
    String sentence,
    Result result,
    String detail,
    Optional<Judgement> witness,
    List<String> notes) {

  public CheckedLine {
    notes = List.copyOf(notes);
  }

  /** Which policies decide about the witness, a line a side. */
  public List<String> because() {
    return witness
        .map(judgement -> List.of(
            "egress:  " + DecisionWords.of(judgement.egress()),
            "ingress: " + DecisionWords.of(judgement.ingress())))
        .orElse(List.of());
  }

  /** {@code shop.postern:3}. */
  public String place() {
    return file + ":" + line;
  }
}
