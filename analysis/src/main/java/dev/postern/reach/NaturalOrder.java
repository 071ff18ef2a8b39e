package dev.postern.reach;

import java.util.Comparator;

/**
 * Names as people sort them: runs of digits by their number, so that {@code ns2} comes before {@code ns10}. Of equal ones the plain order
 * decides. Safe for use by several threads.
 */
public final class NaturalOrder implements Comparator<String> {

  /** The order. */
  public static final NaturalOrder BY_NUMBERS = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      int endOfOne = digits(one, i);
      int endOfOther = digits(other, j);
      int compared = endOfOne > i && endOfOther > j
          ? number(one.substring(i, endOfOne), other.substring(j, endOfOther))
          : Character.compare(one.charAt(i), other.charAt(j));
      if (compared != 0) {
        return compared;
      }
      i = Math.max(endOfOne, i + 1);
      j = Math.max(endOfOther, j + 1);
    }
    int left = Integer.compare(one.length() - i, other.length() - j);
    return left != 0 ? left : one.compareTo(other);
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /** Of any length, so not as a {@code long}. */
  private static int number(String one, String other) {
    String left = withoutZeros(one);
    String right = withoutZeros(other);
    int lengths = Integer.compare(left.length(), right.length());
    return lengths != 0 ? lengths : left.compareTo(right);
  }

  private static String withoutZeros(String digits) {
    int from = 0;
    while (from < digits.length() && digits.charAt(from) == '0') {
      from++;
    }
    return digits.substring(from);
  }
}
