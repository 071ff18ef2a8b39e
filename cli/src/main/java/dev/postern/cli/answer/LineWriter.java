package dev.postern.cli.answer;

import dev.postern.answer.Answer;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Json;
import dev.postern.question.BadSentence;
import dev.postern.solver.Limits;
import dev.postern.verify.OpenAnswer;
import dev.postern.verify.Verifier;
import java.util.Optional;

/**
 * Writes a line an answer, where there are many.
 *
 * @param console where to
 * @param json whether each is a JSON object
 * @param manifests what was read, where answers about several sets of manifests come together
 * @param open the limits for each query to Z3, where it is asked whether things could ever be so
 */
record LineWriter(
    Console console, boolean json, Optional<String> manifests, Optional<Limits> open) {

  /** Answers a question, and says what its exit status would be; one that cannot be answered does not spoil the others. */
  int answer(Verifier verifier, String sentence, String file, int line) {
    try {
      if (open.isPresent()) {
        return answer(verifier.askOpen(sentence, open.get()), sentence);
      }
      Answer answer = verifier.ask(sentence);
      if (json) {
        Json.writeLine(console.out(), out -> {
          out.writeStartObject();
          if (manifests.isPresent()) {
            out.writeStringField("manifests", manifests.get());
          }
          AnswerJson.fields(out, answer);
          out.writeEndObject();
        });
      } else {
        console.out().print(prefix());
        VerdictWord.write(answer.verdict(), console.out());
        console.out().println(": " + sentence);
      }
      return QuestionRunner.status(answer.verdict());
    } catch (BadSentence problem) {
      bad(sentence, file, line, problem);
      return ExitStatus.BAD_INPUT;
    }
  }

  private int answer(OpenAnswer answer, String sentence) {
    if (json) {
      Json.writeLine(console.out(), out -> {
        out.writeStartObject();
        OpenAnswers.fields(out, answer);
        out.writeEndObject();
      });
    } else {
      console.out().println(OpenAnswers.word(answer) + ": " + sentence);
    }
    return QuestionRunner.status(answer.verdict());
  }

  private void bad(String sentence, String file, int line, BadSentence problem) {
    if (json) {
      Json.writeLine(console.out(), out -> {
        out.writeStartObject();
        if (manifests.isPresent()) {
          out.writeStringField("manifests", manifests.get());
        }
        out.writeStringField("question", sentence);
        out.writeStringField("error", problem.getMessage());
        out.writeNumberField("column", problem.column());
        out.writeEndObject();
      });
    } else {
      QuestionRunner.explain(file, line, problem)
          .forEach(said -> console.err().println(prefix() + said));
    }
  }

  private String prefix() {
    return manifests.map(name -> name + ": ").orElse("");
  }
}
