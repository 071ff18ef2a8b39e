package dev.postern.cli.live;

/** What a library's exception says to a user. */
final class Failure {

  private Failure() {}

  /** The first line of the first cause: the wrappers around it only say that an error occurred. */
  static String reason(Throwable problem) {
    Throwable first = problem;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String message = String.valueOf(first.getMessage());
    return message.lines().findFirst().orElse(message);
  }
}
