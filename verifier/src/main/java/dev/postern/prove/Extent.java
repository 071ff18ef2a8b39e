package dev.postern.prove;

/**
 * How much of a cluster a kind of difference is seen in: counted exactly, over the addresses of one family and packets in the state of the
 * packet that shows it. A pod's address counts as one pod; pods are those that the rules police.
 *
 * @param pairs the ordered pairs of different pods between which a packet of the kind is certainly not treated as it should be
 * @param allPairs all such pairs
 * @param pods the pods of which the same holds of a packet from or to an address that is none of those pods'
 * @param allPods all those pods
 */
public record Extent(long pairs, long allPairs, long pods, long allPods) {}
