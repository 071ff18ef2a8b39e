package dev.postern.answer;

import static java.util.stream.Collectors.joining;

import dev.postern.cluster.Service;
import dev.postern.net.Family;
import dev.postern.question.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The answers to one question in each family that Services may have by default, for Services that do not say which they have. Where the two
 * differ, the question has the answer that holds in both, or none.
 */
record FamilyReadings(Answer byIpv4, Answer byIpv6) {

  /**
   * Asks in each family.
   *
   * @param asking the answer where Services that name no family have this one
   */
  static FamilyReadings of(Function<Family, Answer> asking) {
    return new FamilyReadings(asking.apply(Family.IPV4), asking.apply(Family.IPV6));
  }

  /**
   * What holds in both.
   *
   * @param open the answer where the family is left open
   * @param services those that name no family
   */
  Answer answer(Question question, Answer open, Set<Service> services) {
    if (byIpv4.verdict() == byIpv6.verdict() && byIpv4.passing().equals(byIpv6.passing())) {
      return byIpv4;
    }
    List<String> notes = new ArrayList<>(open.notes());
    notes.add(services.stream().map(service -> "service " + service.id()).collect(joining(" and "))
        + (services.size() == 1 ? " names no ipFamilies, and has" : " name no ipFamilies, and have")
        + " the one family that the cluster takes by default, which no manifest says"
        + (byIpv4.verdict() == byIpv6.verdict()
            ? ": what passes by IPv4 alone, or by IPv6 alone, is left out"
            : ": the answer is " + byIpv4.verdict().word() + " by IPv4, and "
                + byIpv6.verdict().word() + " by IPv6"));
    List<Connection> same =
        byIpv4.connections().stream().filter(byIpv6.connections()::contains).toList();
    boolean found = question instanceof Question.Can || !same.isEmpty();
    return byIpv4.verdict() == byIpv6.verdict() && found
        ? new Answer(question, byIpv4.verdict(), same, 0, List.of(), notes, List.of())
        : new Answer(question, Answer.Verdict.UNKNOWN, List.of(), 0, List.of(), notes, List.of());
  }
}
