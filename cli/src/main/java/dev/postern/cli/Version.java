package dev.postern.cli;

import dev.postern.cli.console.Release;
import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest names. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"postern " + text()};
  }

  /** Such as {@code 0.1.0}. */
  static String text() {
    return Release.version();
  }
}
