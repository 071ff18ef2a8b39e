/**
 * Turns a judged flow into an explanation: the policies that decide, the rules that come closest, and the smallest change that would reverse
 * the verdict. Every verdict in it, including those after a change, comes from {@link dev.postern.meaning.Reference}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.why;

import org.jspecify.annotations.NullMarked;
