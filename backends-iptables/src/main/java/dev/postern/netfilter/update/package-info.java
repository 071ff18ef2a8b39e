/**
 * What commands make of rules in force: dumps of before and the texts that {@code ipset restore}, {@code iptables-restore} and {@code nft -f}
 * take become the dumps of every state on the way. Nothing here knows what wrote the commands.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter.update;

import org.jspecify.annotations.NullMarked;
