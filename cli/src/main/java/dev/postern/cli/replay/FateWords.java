package dev.postern.cli.replay;

import dev.postern.net.Protocol;
import dev.postern.replay.Replay.Fate;
import dev.postern.replay.Replay.ReplayRow;

/** What all formats call a row's fate and port. */
final class FateWords {

  private FateWords() {}

  static String of(Fate fate) {
    return switch (fate) {
      case BREAKS -> "breaks";
      case OPENS -> "opens";
      case UNDECIDED -> "unknown";
      case SAME -> "same";
    };
  }

  static String port(ReplayRow row) {
    return row.protocol() == Protocol.OTHER
        ? "icmp"
        : row.port() == 0 ? row.protocol().word() : row.protocol().word() + "/" + row.port();
  }
}
