/**
 * Turns the output of {@code ovs-ofctl dump-flows} into {@link dev.postern.enforced.EnforcedRules}: tables, registers, connection state and
 * conjunctive matches. It shares no code with the writer, and reports what it does not understand.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.openflow.reader;

import org.jspecify.annotations.NullMarked;
