/**
 * Turns answers of the verifier into text and JSON. It says what the answer says and decides nothing.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.answer;

import org.jspecify.annotations.NullMarked;
