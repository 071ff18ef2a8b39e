package dev.postern.prove;

import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage;
import dev.postern.meaning.Judgement;
import java.util.Optional;

/**
 * A packet that is not, or may not be, treated as the policies say. It was replayed on both definitions.
 *
 * @param packet the packet
 * @param shouldPass whether it ought to pass
 * @param why in words
 * @param judgement what the policies say of its flow; empty where it is not for them to say: of replies, or of neighbour discovery
 * @param passage what the rules do with it
 */
public record PacketDifference(
    Packet packet,
    boolean shouldPass,
    String why,
    Optional<Judgement> judgement,
    Passage passage) {}
