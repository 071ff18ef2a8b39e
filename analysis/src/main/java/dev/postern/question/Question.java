package dev.postern.question;

import java.util.List;

/** A question about who may reach whom. */
public sealed interface Question {

  /** The sentence as it was asked. */
  String text();

  /** The traffic it is about. */
  Asked asked();

  /** The questions that this one puts at once: one for each pair of parties that stand together. */
  List<Question> each();

  /**
   * Reads a question, as {@code can shop/frontend reach shop/db on 5432}, {@code who can reach shop/db} or {@code what can shop/frontend
   * reach}. {@code docs/questions.md} has the whole language.
   *
   * @throws BadSentence if it is none; it shows where it went wrong and what could stand there
   */
  static Question parse(String sentence) {
    return SentenceReader.question(sentence);
  }

  /** {@code can … reach …}: a yes or a no. */
  record Can(String text, Party source, Party destination, Asked asked) implements Question {

    /**
     * Reads a question that is answered by a yes or a no, as {@code can shop/frontend reach shop/db on 5432}.
     *
     * @throws BadSentence if it is none
     */
    public static Can parse(String sentence) {
      if (Question.parse(sentence) instanceof Can can) {
        return can;
      }
      int word = (sentence + " ").indexOf(' ');
      throw new BadSentence(
          sentence, new Span(0, word), "no question of yes or no", "ask `can … reach …`");
    }

    @Override
    public List<Question> each() {
      return source.each().stream()
          .flatMap(from ->
              destination.each().stream().<Question>map(to -> new Can(text, from, to, asked)))
          .toList();
    }
  }

  /** {@code who can reach …}: all sources. */
  record Who(String text, Party destination, Asked asked) implements Question {
    @Override
    public List<Question> each() {
      return destination.each().stream()
          .<Question>map(to -> new Who(text, to, asked))
          .toList();
    }
  }

  /** {@code what can … reach}: all destinations. */
  record What(String text, Party source, Asked asked) implements Question {
    @Override
    public List<Question> each() {
      return source.each().stream()
          .<Question>map(from -> new What(text, from, asked))
          .toList();
    }
  }
}
