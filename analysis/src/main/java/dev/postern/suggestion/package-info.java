/**
 * Turns traffic that was seen into policies that let it pass and little else, and proves that they do. It trusts nothing that it suggests:
 * what a proof is about is read back from the text.
 */
@NullMarked
package dev.postern.suggestion;

import org.jspecify.annotations.NullMarked;
