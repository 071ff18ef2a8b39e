/**
 * Turns what {@code nft list ruleset} prints, plain or as JSON, whoever wrote the rules, into enforced rules. It trusts nothing and knows
 * nothing of our own writer: what it does not understand becomes an unknown condition or action, never a guess.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.nftables.reader;

import org.jspecify.annotations.NullMarked;
