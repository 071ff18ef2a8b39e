package dev.postern.examples;

import dev.postern.answer.Answer;
import dev.postern.manifest.Manifests;
import dev.postern.verify.Verifier;
import dev.postern.why.Explanation;
import dev.postern.why.Side;
import java.nio.file.Path;
import java.util.List;

/** Says what keeps each rule from allowing a connection, and what to change: {@code ExplainADenial examples/shop "can shop/cart reach shop/db"}. */
public final class ExplainADenial {

  private ExplainADenial() {}

  public static void main(String... arguments) {
    System.out.print(explain(Path.of(arguments[0]), arguments[1]));
  }

  static String explain(Path manifests, String question) {
    Verifier verifier = Verifier.of(Manifests.load(manifests).cluster());
    Answer answer = verifier.ask(question);

    StringBuilder text = new StringBuilder();
    for (Explanation explanation : verifier.why(answer)) {
      for (Side side : List.of(explanation.egress(), explanation.ingress())) {
        for (Side.Candidate candidate : side.candidates()) {
          text.append(candidate.policy().id())
              .append(' ')
              .append(candidate.rule().field())
              .append(": ")
              .append(candidate.mismatch())
              .append('\n');
        }
      }
      explanation
          .change()
          .ifPresent(change -> change.steps().forEach(step -> text.append(step).append('\n')));
    }
    return text.toString();
  }
}
