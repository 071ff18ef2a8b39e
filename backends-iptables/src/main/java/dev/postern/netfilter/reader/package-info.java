/**
 * What the readers of iptables and nftables have in common: the hooks of a node's planes, what a node knows besides its rules, and words that
 * both tools print alike. No writer uses it.
 */
@NullMarked
package dev.postern.netfilter.reader;

import org.jspecify.annotations.NullMarked;
