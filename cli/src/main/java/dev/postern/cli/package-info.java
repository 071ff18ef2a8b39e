/**
 * Turns a command line into questions to the verifier and its answers into text. It trusts no input and decides nothing itself.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli;

import org.jspecify.annotations.NullMarked;
