/**
 * The common parts of the readers of iptables and nftables: the hooks of a node's filters, facts about the node besides its rules, and words
 * that both tools print in the same way. No writer uses it.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter.reader;

import org.jspecify.annotations.NullMarked;
