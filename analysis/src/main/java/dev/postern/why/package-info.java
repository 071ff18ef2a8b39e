/**
 * Turns a judged flow into an explanation: who decided, what came closest, and the smallest change that would turn the verdict. The words are
 * its own; every verdict in it, also that after a change, comes from {@link dev.postern.meaning.Reference}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.why;

import org.jspecify.annotations.NullMarked;
