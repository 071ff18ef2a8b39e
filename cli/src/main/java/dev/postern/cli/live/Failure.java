package dev.postern.cli.live;

/** What a library's exception says to a user. */
final class Failure {

  /** Some quote what they could not read, a whole page of it. */
  private static final int LONGEST = 200;

  private Failure() {}

  /** The first line of the first cause: the wrappers around it only say that an error occurred. */
  static String reason(Throwable problem) {
    Throwable first = problem;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String message =
        first.getMessage() == null ? first.getClass().getSimpleName() : first.getMessage();
    String line = message.lines().findFirst().orElse(message);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
