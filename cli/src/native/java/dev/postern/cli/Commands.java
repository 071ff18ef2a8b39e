package dev.postern.cli;

import dev.postern.cli.command.CanCommand;
import dev.postern.cli.command.ConnectivityCommand;
import dev.postern.cli.command.ExposureCommand;
import dev.postern.cli.command.PoliciesCommand;
import dev.postern.cli.command.WhyCommand;
import dev.postern.cli.console.Console;
import java.util.concurrent.Callable;

/** The commands that the native program knows, in place of all. */
final class Commands {

  private Commands() {}

  static Callable<Integer> named(String name, Console console) {
    return switch (name) {
      case "can" -> new CanCommand(console);
      case "why" -> new WhyCommand(console);
      case "connectivity" -> new ConnectivityCommand(console);
      case "exposure" -> new ExposureCommand(console);
      case "policies" -> new PoliciesCommand(console);
      default -> throw new NotHere();
    };
  }
}
