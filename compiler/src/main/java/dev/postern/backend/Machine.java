package dev.postern.backend;

import dev.postern.backend.Reader.Dump;
import java.util.List;
import java.util.Optional;

/** A machine whose own tools can be asked. What it throws where a tool fails is its own: nobody here catches it. */
public interface Machine {

  /**
   * What a command prints.
   *
   * @return empty if there is no such command
   */
  Optional<Dump> print(List<String> command);

  /** The text of a file; empty if there is none. */
  Optional<String> read(String path);
}
