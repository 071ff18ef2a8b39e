/**
 * Proves that a dataplane enforces the policies, or finds a packet on which they differ, by two independent methods: packet sets over the
 * plan's tables, and Z3 over bit-vectors, directly from the policies. It trusts neither the artefact nor the plan: every witness is replayed
 * on {@link dev.postern.meaning.Reference} and on {@link dev.postern.enforced.Interpreter} before it is shown.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.prove;

import org.jspecify.annotations.NullMarked;
