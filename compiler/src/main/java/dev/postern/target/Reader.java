package dev.postern.target;

import dev.postern.cluster.Cluster;
import java.util.List;
import java.util.Map;

/**
 * Reads what one kind of dataplane prints about itself. {@code postern prove} has a flag for each input of each reader; a reader shares no
 * code with the writer of its target.
 */
public interface Reader {

  /**
   * Something that a reader reads. A reader takes part as soon as one of its inputs is given.
   *
   * @param flag the command line's flag without dashes, such as {@code iptables-save}
   * @param description what to give there
   * @param required whether it has to be there if another input of the reader is
   * @param directory whether it is a directory, all of whose files are read; else a file
   * @param command prints it on a node, where it is a file
   */
  record Input(
      String flag, String description, boolean required, boolean directory, List<String> command) {
    public Input {
      command = List.copyOf(command);
    }
  }

  /** The text of a file. */
  record Dump(String file, String text) {}

  /** The name of the target, as {@code --to} takes it. */
  String target();

  List<Input> inputs();

  /**
   * Reads dumps.
   *
   * @param dumps by the input's flag; a directory's files in order of their names
   * @param cluster what the manifests say, for names of interfaces and ports and for the nodes' addresses; never for policies
   * @param scope the pods that the artefact polices
   */
  Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope);
}
