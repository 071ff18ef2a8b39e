package dev.postern.wording;

import dev.postern.answer.Answer;
import dev.postern.answer.Connection;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Traffic;
import dev.postern.question.Party;
import dev.postern.question.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The connections of an answer, with neighbouring addresses of which the same is true put together again. */
public final class ConnectionLines {

  private ConnectionLines() {}

  /**
   * What passes from one source to one destination.
   *
   * @param source who calls, one address or a range of them as a CIDR where it is one
   * @param destination who is called
   * @param allowed what passes
   * @param partly what passes between some of their pods
   * @param unknown what may pass
   */
  public record Line(
      String source, String destination, Traffic allowed, Traffic partly, Traffic unknown) {

    /** Whether nothing passes, not even perhaps. */
    public boolean isNothing() {
      return allowed.isEmpty() && partly.isEmpty() && unknown.isEmpty();
    }
  }

  private record Group(
      String source, String destination, Traffic allowed, Traffic partly, Traffic unknown) {}

  /** All of them, in the order of the answer. */
  public static List<Line> of(Answer answer) {
    List<Line> lines = new ArrayList<>();
    Map<Group, AddressSet> ranges = new LinkedHashMap<>();
    for (Connection c : answer.connections()) {
      Optional<AddressRange> range = c.sourceRange().or(c::destinationRange);
      if (range.isEmpty()
          || (c.sourceRange().isPresent() && c.destinationRange().isPresent())) {
        lines.add(new Line(c.source(), c.destination(), c.allowed(), c.partly(), c.unknown()));
      } else {
        Group group = new Group(
            c.sourceRange().isPresent() ? "" : c.source(),
            c.destinationRange().isPresent() ? "" : c.destination(),
            c.allowed(),
            c.partly(),
            c.unknown());
        ranges.merge(group, AddressSet.of(range.get()), AddressSet::union);
      }
    }
    boolean internet = ranges.size() == 1 && isInternet(answer.question());
    ranges.forEach((group, addresses) -> {
      if (internet) {
        lines.add(new Line(
            group.source.isEmpty() ? "internet" : group.source,
            group.destination.isEmpty() ? "internet" : group.destination,
            group.allowed,
            group.partly,
            group.unknown));
        return;
      }
      for (AddressRange range : addresses.ranges()) {
        lines.add(new Line(
            group.source.isEmpty() ? name(range) : group.source,
            group.destination.isEmpty() ? name(range) : group.destination,
            group.allowed,
            group.partly,
            group.unknown));
      }
    });
    return lines;
  }

  private static boolean isInternet(Question question) {
    return question instanceof Question.Can can
        && (can.source() instanceof Party.Internet || can.destination() instanceof Party.Internet);
  }

  /** One address, a CIDR where it is one, else {@code first-last}. */
  static String name(AddressRange range) {
    List<Cidr> cidrs = range.cidrs();
    return range.first().equals(range.last())
        ? range.first().toString()
        : cidrs.size() == 1 ? cidrs.get(0).toString() : range.toString();
  }
}
