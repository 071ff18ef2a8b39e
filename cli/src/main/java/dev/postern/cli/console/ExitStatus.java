package dev.postern.cli.console;

/** What the process says to the shell that called it; the same numbers mean the same for every command. */
public final class ExitStatus {

  /** Yes, clean, proved. */
  public static final int YES = 0;

  /** No, findings, a difference. */
  public static final int NO = 1;

  /** The command line or what it reads is bad: there is no answer. */
  public static final int BAD_INPUT = 2;

  /** The question could not be decided; never a yes. */
  public static final int UNDECIDED = 3;

  private ExitStatus() {}
}
