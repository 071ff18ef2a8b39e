/**
 * The rules that a dataplane enforces, read back from its artefacts: ordered rules with jumps, sets, marks and connection state over the
 * fields of a packet. Readers turn the output of a node into this form, and the verifier judges it; nothing here knows policies.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.enforced;

import org.jspecify.annotations.NullMarked;
