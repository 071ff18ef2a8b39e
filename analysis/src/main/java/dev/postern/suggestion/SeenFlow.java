package dev.postern.suggestion;

import dev.postern.meaning.End;
import dev.postern.net.Protocol;

/**
 * Traffic that was seen to pass, all of the same ends and port together. Replies, and what was dropped, is none.
 *
 * @param source who called
 * @param destination who was called; the address of a Service stands for the pods behind it
 * @param protocol the protocol
 * @param port the destination port 1..65535; 0 for {@link Protocol#OTHER}
 * @param evidence how often, and when
 */
public record SeenFlow(
    End source, End destination, Protocol protocol, int port, Evidence evidence) {}
