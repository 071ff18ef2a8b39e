/**
 * Answers in plain words, a line each, as the command line prints them and the page shows them. Nothing here decides anything.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.wording;

import org.jspecify.annotations.NullMarked;
