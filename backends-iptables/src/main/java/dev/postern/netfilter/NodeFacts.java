package dev.postern.netfilter;

import dev.postern.net.AddressSet;

/**
 * What rules ask of their node that stands in no rule.
 *
 * @param addresses the node's own; if none are known, rules that ask for local addresses are not understood
 * @param connectionMarks whether some rule of the node may mark connections: else their mark is always 0
 */
public record NodeFacts(AddressSet addresses, boolean connectionMarks) {}
