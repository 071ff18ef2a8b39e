package dev.postern.answer;

import dev.postern.net.Traffic;
import dev.postern.question.BadSentence;
import dev.postern.question.Party;
import dev.postern.question.Question;
import java.util.Optional;

/**
 * Which part of a matrix is wanted.
 *
 * @param sources who calls, in the words of questions; everyone where absent
 * @param destinations who is called
 * @param traffic with what
 */
public record MatrixQuery(
    Optional<Question.What> sources, Optional<Question.Who> destinations, Traffic traffic) {

  /** The whole matrix. */
  public static final MatrixQuery EVERYTHING =
      new MatrixQuery(Optional.empty(), Optional.empty(), Traffic.ALL);

  /**
   * Reads what stands for an end or for traffic in a question: {@code shop/frontend}, {@code pods app=web in shop}, {@code internet}; {@code
   * 5432}, {@code udp/53}.
   *
   * @throws BadSentence if one of them is none
   */
  public static MatrixQuery parse(
      Optional<String> sources, Optional<String> destinations, Optional<String> traffic) {
    Traffic read = Traffic.ALL;
    if (traffic.isPresent()) {
      Question asked = Question.parse("what can internet reach on " + traffic.get());
      if (!asked.asked().names().isEmpty()) {
        throw new BadSentence(
            asked.text(),
            asked.asked().names().get(0).span(),
            "a port's name means other ports at other pods",
            "write its number");
      }
      read = asked.asked().traffic();
    }
    return new MatrixQuery(
        sources.map(MatrixQuery::source), destinations.map(MatrixQuery::destination), read);
  }

  private static Question.What source(String words) {
    return (Question.What) Question.parse("what can " + words + " reach");
  }

  private static Question.Who destination(String words) {
    Question.Who question = (Question.Who) Question.parse("who can reach " + words);
    for (Party party : question.destination().each()) {
      if (party instanceof Party.ServiceNamed || party instanceof Party.DomainNamed) {
        throw new BadSentence(
            question.text(),
            party.span(),
            "a matrix has pods and addresses, no Services and no names",
            "name the workload, or an address");
      }
    }
    return question;
  }
}
