/**
 * Turns traffic that was seen into policies that let it pass and little else, and proves that they do. It trusts nothing that it suggests:
 * what a proof is about is read back from the text.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.suggestion;

import org.jspecify.annotations.NullMarked;
