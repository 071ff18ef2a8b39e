/**
 * Turns a plan into an nftables ruleset, and what {@code nft list ruleset} prints back into enforced rules. Writer and reader share nothing
 * but the name of the table; the reader trusts nothing it reads.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.nftables;

import org.jspecify.annotations.NullMarked;
