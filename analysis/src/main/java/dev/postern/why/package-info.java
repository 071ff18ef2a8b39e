/**
 * Turns a judged flow into an explanation: who decided, what came closest, and the smallest change that would turn the verdict. The words are
 * its own; every verdict in it, also that after a change, comes from {@link dev.postern.meaning.Reference}.
 */
@NullMarked
package dev.postern.why;

import org.jspecify.annotations.NullMarked;
