/**
 * Turns a plan into iptables rules with ipsets, and what {@code iptables-save} and {@code ipset save} print back into enforced rules. Writer
 * and reader share nothing but the names of the files; the reader trusts nothing it reads.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.iptables;

import org.jspecify.annotations.NullMarked;
