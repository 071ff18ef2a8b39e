package dev.postern.netfilter.update;

import dev.postern.backend.Reader.Dump;
import java.util.List;
import java.util.Map;

/**
 * What is in force after a command.
 *
 * @param file the file with the command
 * @param line its line; that of the end of a transaction
 * @param command its text, or what a transaction is
 * @param dumps what the tools would print now, by the names of {@link dev.postern.backend.Reader.Input}
 */
public record UpdateState(String file, int line, String command, Map<String, List<Dump>> dumps) {

  public UpdateState {
    dumps = Map.copyOf(dumps);
  }
}
