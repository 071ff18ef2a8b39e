package dev.postern.netfilter.update;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the word of a line that a form does not take. */
final class RefusedWord {

  private static final Pattern WORD = Pattern.compile("\\S+");

  private RefusedWord() {}

  /** Where the first word begins that nothing can follow to make it a line of the form, from 0; the end if the line is only too short. */
  static int offset(Pattern form, String line) {
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      Matcher matcher = form.matcher(line.substring(0, word.end()));
      if (!matcher.matches() && !matcher.hitEnd()) {
        return word.start();
      }
    }
    return line.length();
  }

  /** Where a word begins, counted from 0; the end if there are not so many. */
  static int offset(int number, String line) {
    Matcher word = WORD.matcher(line);
    for (int i = 0; word.find(); i++) {
      if (i == number) {
        return word.start();
      }
    }
    return line.length();
  }
}
