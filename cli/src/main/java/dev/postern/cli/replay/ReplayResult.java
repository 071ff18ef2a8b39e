package dev.postern.cli.replay;

import dev.postern.replay.Replay;
import java.util.SortedMap;

/**
 * What is to be printed.
 *
 * @param replay how the recorded traffic fares
 * @param read how many entries were judged
 * @param skipped how many say nothing about policies, by why
 */
public record ReplayResult(Replay replay, int read, SortedMap<String, Integer> skipped) {}
