package dev.postern.cli.live;

/** A request that got no answer, or was refused. */
final class Unanswered extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int code;

  private Unanswered(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The server answered with the code of a failure. */
  static Unanswered refused(int code, String reason) {
    return new Unanswered(
        code,
        code == 401
            ? "the server does not accept the credentials (hint: log in again)"
            : "the server answered " + code + (reason.isEmpty() ? "" : ": " + reason));
  }

  /** There was no connection, or it ended too early. */
  static Unanswered unreachable(Throwable problem) {
    return new Unanswered(0, "cannot reach the server: " + Failure.reason(problem));
  }

  /** The HTTP status code; 0 if there was none. */
  int code() {
    return code;
  }

  /** Why, in a user's words. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
