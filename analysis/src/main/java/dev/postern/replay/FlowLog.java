package dev.postern.replay;

import java.util.List;
import java.util.SortedMap;

/**
 * A log of traffic.
 *
 * @param recorded what it holds of new connections, in its order
 * @param skipped how many entries say nothing about policies, by why: replies, drops for other reasons, messages of proxies
 * @param problems lines that could not be read, as {@code file:line:column: error: …}
 */
public record FlowLog(
    List<Recorded> recorded, SortedMap<String, Integer> skipped, List<String> problems) {}
