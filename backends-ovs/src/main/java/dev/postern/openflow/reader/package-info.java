/**
 * Turns what {@code ovs-ofctl dump-flows} prints into {@link dev.postern.enforced.EnforcedRules}: tables, registers, connection state and
 * conjunctive matches. It shares no code with what writes flows; what it does not understand, it says.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.openflow.reader;

import org.jspecify.annotations.NullMarked;
