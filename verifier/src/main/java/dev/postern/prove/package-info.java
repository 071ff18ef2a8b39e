/**
 * Proves that what a dataplane enforces is what the policies mean, or finds a packet on which they differ, in two independent ways: packet
 * sets over the plan's tables, and Z3 over bit-vectors straight from the policies. It trusts neither the artefact nor the plan: every
 * witness is replayed on {@link dev.postern.meaning.Reference} and on {@link dev.postern.enforced.Interpreter} before it is shown.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.prove;

import org.jspecify.annotations.NullMarked;
