/**
 * Applies the commands of an update to dumps: turns the dumps before it and the input of {@code ipset restore}, {@code iptables-restore} and
 * {@code nft -f} into the dumps of every intermediate state. It does not know which program wrote the commands.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter.update;

import org.jspecify.annotations.NullMarked;
