package dev.postern.cli.console;

import java.util.List;

/**
 * Ends a command for a reason that the user can mend: the message is printed as it stands, without a stack trace, and the exit status is
 * {@link ExitStatus#BAD_INPUT}.
 */
public final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Not carried along where an exception is written elsewhere; nobody does. */
  private final transient List<String> lines;

  /** A complaint in the user's words, such as {@code examples/shop: no such file or directory}. */
  public UserError(String message) {
    this(List.of(message));
  }

  /** A complaint with what is shown below it, a line each. */
  public UserError(List<String> lines) {
    super(String.join("\n", lines), null, false, false);
    this.lines = List.copyOf(lines);
  }

  /** What to print, a line each. */
  public List<String> lines() {
    return lines;
  }
}
