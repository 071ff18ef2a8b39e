/**
 * What the readers of iptables and nftables have in common: the hooks of a node's planes, what a node knows besides its rules, and words that
 * both tools print alike. No writer uses it.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter.reader;

import org.jspecify.annotations.NullMarked;
