/**
 * Turns answers of the verifier into text and JSON. It says what the answer says and decides nothing.
 */
@NullMarked
package dev.postern.cli.answer;

import org.jspecify.annotations.NullMarked;
