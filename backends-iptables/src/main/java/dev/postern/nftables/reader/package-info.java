/**
 * Turns the output of {@code nft list ruleset}, plain or as JSON, whoever wrote the rules, into enforced rules. It trusts nothing and knows
 * nothing of Postern's writer: text that it does not understand becomes an unknown condition or action, never a guess.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.nftables.reader;

import org.jspecify.annotations.NullMarked;
