package dev.postern.ovn;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of OVN.
 *
 * @param year as 23 in 23.03
 * @param month as 3 in 23.03
 */
public record OvnVersion(int year, int month) implements Comparable<OvnVersion> {

  /** What Debian 12 has. */
  public static final OvnVersion V23_03 = new OvnVersion(23, 3);

  /**
   * The first whose ACLs after load balancing come after the hairpin (northd.c, PIPELINE_STAGES). Those of 22.03 to 22.12 judge what a Service
   * sends back to its caller; before 22.03 there is no {@code apply-after-lb}.
   */
  public static final OvnVersion AFTER_HAIRPIN = V23_03;

  /** The first with {@code tier} and {@code pass} (NEWS of 23.06; schema 7.0.4). */
  public static final OvnVersion TIERS = new OvnVersion(23, 6);

  private static final Pattern TEXT = Pattern.compile("v?(\\d{2})\\.(\\d{2})(\\.\\d+)?");

  /**
   * Reads {@code 23.03} or {@code 23.03.1}.
   *
   * @throws IllegalArgumentException if the text is no version of OVN since 20.03
   */
  public static OvnVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "`" + text + "` is no version of OVN: write it as in 23.03");
    }
    int month = Integer.parseInt(matcher.group(2));
    if (month < 1 || month > 12) {
      throw new IllegalArgumentException(
          "`" + text + "` is no version of OVN: the second number is a month");
    }
    return new OvnVersion(Integer.parseInt(matcher.group(1)), month);
  }

  public boolean atLeast(OvnVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(OvnVersion other) {
    return year != other.year
        ? Integer.compare(year, other.year)
        : Integer.compare(month, other.month);
  }

  @Override
  public String toString() {
    return String.format("%02d.%02d", year, month);
  }
}
