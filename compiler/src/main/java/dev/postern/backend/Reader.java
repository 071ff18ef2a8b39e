package dev.postern.backend;

import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract.Binding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what one kind of dataplane prints about itself. A reader shares no code with the writer of its target.
 */
public interface Reader {

  /**
   * Something that a reader reads. A reader takes part as soon as one of its inputs is given.
   *
   * @param name what it is called, such as {@code iptables-save}; readers of one input call it the same
   * @param description what to give there
   * @param required whether it has to be there if another input of the reader is
   * @param directory whether it is a directory, all of whose files are read; else a file
   * @param command prints it on a node, where it is a file
   */
  record Input(
      String name, String description, boolean required, boolean directory, List<String> command) {
    public Input {
      command = List.copyOf(command);
    }
  }

  /**
   * A file that {@link #ask} needs besides the server's name: a key.
   *
   * @param name what it is called, such as {@code ovn-private-key}
   * @param description what to give there
   */
  record Credential(String name, String description) {}

  /** A server that is asked over TLS, which needs these. */
  final class MissingCredentials extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient List<Credential> needed;

    public MissingCredentials(List<Credential> needed) {
      super("TLS needs "
          + String.join(" and ", needed.stream().map(Credential::name).toList()));
      this.needed = List.copyOf(needed);
    }

    public List<Credential> needed() {
      return needed;
    }
  }

  /** The text of a file. */
  record Dump(String file, String text) {}

  /** The name of the target, as {@link Backend#target} says it. */
  String target();

  List<Input> inputs();

  /** What {@link #ask} may need. */
  default List<Credential> credentials() {
    return List.of();
  }

  /**
   * Asks a live server for a dump.
   *
   * @param input what to ask for
   * @param given what was given in the place of a file's name
   * @param credentials by their names; those that were given
   * @return the dump; empty if what was given names no server, and so is a file
   * @throws IOException if the server cannot be reached or asked; the message says why
   */
  default Optional<Dump> ask(Input input, String given, Map<String, Path> credentials)
      throws IOException {
    return Optional.empty();
  }

  /**
   * Reads a machine, where what one tool prints says what to ask the next. All others are asked by the commands of their inputs.
   *
   * @param machine whose tools are asked
   * @param cluster what the manifests say, as for {@link #read}
   * @param scope the pods that the artefact polices
   * @param interfaces which addresses are behind which interface, as far as it is known
   * @return empty if the inputs' commands print all there is
   */
  default Optional<Reading> live(
      Machine machine, Cluster cluster, Scope scope, List<Binding> interfaces) {
    return Optional.empty();
  }

  /** What files of these dumps cannot show of themselves, where the tools' own output could be trusted. */
  default List<String> doubts(Map<String, List<Dump>> dumps) {
    return List.of();
  }

  /**
   * Reads dumps.
   *
   * @param dumps by the input's name; a directory's files in order of their names
   * @param cluster what the manifests say, for names of interfaces and ports and for the nodes' addresses; never for policies
   * @param scope the pods that the artefact polices
   */
  Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope);
}
