package dev.postern.cli.command;

import dev.postern.backend.Note;
import dev.postern.backend.Remedy;

/** What to do about a limit or a note, in words of the command line. */
final class RemedyWords {

  private RemedyWords() {}

  static String of(Note note) {
    return note.text()
        + note.remedy().map(remedy -> " (hint: " + of(remedy) + ")").orElse("");
  }

  static String of(Remedy remedy) {
    return switch (remedy) {
      case COMPILE_WHOLE -> "compile the whole, without --since";
      case IP_BLOCKS_MATCH_NO_PODS -> "give --ip-block-matches-pods=false";
      case BIND_INTERFACES -> "--interface <name>=<address>";
      case READ_WHOLE_NODE -> "--live node reads all";
    };
  }
}
