/**
 * Turns answers into text and JSON. It decides nothing.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.answer;

import org.jspecify.annotations.NullMarked;
