/**
 * Turns answers into lines of plain text, as the command line prints them and the page shows them. It decides nothing.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.wording;

import org.jspecify.annotations.NullMarked;
