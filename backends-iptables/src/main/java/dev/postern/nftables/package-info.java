/**
 * Turns a plan into an nftables ruleset. {@code dev.postern.nftables.reader} reads it back and shares no code with this package except the
 * name of the table.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.nftables;

import org.jspecify.annotations.NullMarked;
