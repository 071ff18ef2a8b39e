/**
 * Turns recorded traffic into policies that allow it and little else, and proves that they do. It does not trust its suggestions: the proof
 * is about policies that were read back from the text.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.suggestion;

import org.jspecify.annotations.NullMarked;
