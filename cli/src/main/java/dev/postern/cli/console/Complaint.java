package dev.postern.cli.console;

/**
 * Ends a command for a reason that the user can mend: the message is printed as it stands, without a stack trace, and the exit status is
 * {@link ExitStatus#BAD_INPUT}.
 */
public final class Complaint extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** A complaint in the user's words, such as {@code examples/shop: no such file or directory}. */
  public Complaint(String message) {
    super(message, null, false, false);
  }
}
